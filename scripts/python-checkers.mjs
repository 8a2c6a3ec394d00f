import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from './python-environment.mjs';

/**
 * The folder that holds `ruff` and `mypy`.
 *
 * @param {AbortSignal} signal
 */
export function pythonCheckers(signal) {
  const requirements = fileURLToPath(new URL('./requirements-check.txt', import.meta.url));
  return pythonEnvironment({ name: 'python-checkers', what: 'ruff and mypy', requirements }, signal);
}
