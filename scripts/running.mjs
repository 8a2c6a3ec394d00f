import { readFileSync } from 'node:fs';

/**
 * Whether a process of that number runs, whoever it belongs to.
 *
 * @param {number} pid
 */
export function isRunning(pid) {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  // One that ended keeps its number until its parent looks.
  return !['Z', 'X'].includes(statFields(pid)?.[0] ?? '');
}

/**
 * When a process was started, in the kernel's own unit, to tell it from a later one of the same number; null where the
 * system does not say.
 *
 * @param {number} pid
 * @returns {string | null}
 */
export function startTime(pid) {
  return statFields(pid)?.[19] ?? null;
}

/**
 * What Linux tells of a process, from its state on; undefined elsewhere, and where it is gone.
 *
 * @param {number} pid
 * @returns {string[] | undefined}
 */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
