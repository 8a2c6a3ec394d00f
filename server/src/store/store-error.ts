/** Why a store cannot be opened or written. */
export type StoreReason =
  /** A later Autodidact wrote it. */
  | 'newer-version'
  | 'corrupt'
  /** The file is another program's database. */
  | 'not-a-store'
  | 'disk-full'
  | 'read-only'
  | 'network-drive'
  /** The place that was named is inside the workspace. */
  | 'in-workspace'
  | 'locked'
  | 'closed'
  /** More was asked at once than may wait. */
  | 'overloaded'
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
