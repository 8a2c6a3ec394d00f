/**
 * Why a value has no canonical form, or bytes are none.
 * `syntax`: not of the grammar · `alias`: of the grammar, but not the one form that the value has · `depth`, `nodes`, `int-bits`,
 * `size`: more than the budget · `unhashable`: a list, set or dict as a set's member or dict's key · `duplicate`: members or keys
 * that Python holds to be equal, or two NaN · `surrogates`: a high surrogate directly before a low one.
 */
export type CanonicalReason =
  | 'syntax'
  | 'alias'
  | 'depth'
  | 'nodes'
  | 'int-bits'
  | 'size'
  | 'unhashable'
  | 'duplicate'
  | 'surrogates';

/** Thrown by `encode` and `decode`. */
export class CanonicalError extends Error {
  readonly reason: CanonicalReason;

  constructor(reason: CanonicalReason) {
    super(`No canonical form: ${reason}`);
    this.name = 'CanonicalError';
    this.reason = reason;
  }
}
