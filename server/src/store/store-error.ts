/** Why a store cannot be opened or written. */
export type StoreReason =
  | 'newer-version'
  | 'corrupt'
  | 'disk-full'
  | 'read-only'
  | 'network-drive'
  | 'locked'
  | 'closed'
  | 'failed';

/** An error of the store, with a message for a person. */
export class StoreError extends Error {
  readonly reason: StoreReason;

  constructor(reason: StoreReason, message: string) {
    super(message);
    this.name = 'StoreError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: StoreReason[]): error is StoreError {
    return error instanceof StoreError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
