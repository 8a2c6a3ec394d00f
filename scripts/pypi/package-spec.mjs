import { SetupError } from '../say.mjs';

/**
 * @typedef {object} PackageSpec
 * @property {string} name
 * @property {string} [version]  The newest where absent.
 * @property {string} [sha256]  Of the one file that will do.
 */

/**
 * Reads `pypi:NAME` or `pypi:NAME==VERSION`; undefined where the text names no package. Throws a `SetupError` of reason
 * `usage` where it is neither.
 *
 * @param {string} text
 * @returns {PackageSpec | undefined}
 */
export function packageSpec(text) {
  if (!text.startsWith('pypi:')) return undefined;
  // Names and versions as the packaging standards write them; nothing else reaches a path or a command line.
  const match = /^pypi:([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?:==([a-z0-9][a-z0-9.+!_-]*))?$/i.exec(text);
  const [, name, version] = match ?? [];
  if (name === undefined) {
    throw new SetupError('usage', `${text} names no package. Write pypi:NAME or pypi:NAME==VERSION.`);
  }
  return version === undefined ? { name } : { name, version };
}
