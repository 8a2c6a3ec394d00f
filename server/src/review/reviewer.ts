import os from 'node:os';

/** The name of the operating system's user, for records of reviews; `unknown` where the system has none. */
export function reviewerName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return 'unknown';
  }
}
