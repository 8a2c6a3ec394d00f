/** Exceptions as outputs, at most this share of the deduction tasks of a set: they ask for a crash, not for a value. */
export const maxExceptionShare = 0.05;
