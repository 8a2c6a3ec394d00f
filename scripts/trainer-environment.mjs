import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from './python-environment.mjs';

/**
 * The folder of programs of the trainer's packages: torch and what it needs, about 4 GB on Linux.
 *
 * @param {AbortSignal} signal
 */
export function trainerEnvironment(signal) {
  const requirements = fileURLToPath(new URL('../trainer/requirements.txt', import.meta.url));
  return pythonEnvironment({ name: 'trainer', what: 'torch and what trains with it', requirements }, signal);
}
