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
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * When a process was started, in the kernel's own unit, to tell it from a later one of the same number; null where the
 * system does not say.
 *
 * @param {number} pid
 * @returns {string | null}
 */
export function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold spaces and parentheses; the start is the 20th field behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
