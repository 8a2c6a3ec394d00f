import { delimiter } from 'node:path';

/**
 * An environment in which programs are looked for in a folder before all others.
 *
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function pathFirst(folder, env) {
  // Windows does not care how the name is written; a copy of its environment does, and would hold two.
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [key]: [folder, env[key]].filter(Boolean).join(delimiter) };
}
