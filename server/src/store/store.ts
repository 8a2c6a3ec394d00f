import type { Group } from '../../../protocol/group.ts';
import type { Kind, Role } from '../../../protocol/kind.ts';
import type { Review } from '../../../protocol/review.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';

export interface TaskQuery {
  readonly ids?: readonly string[];
  readonly kind?: Kind;
  readonly state?: Task['state'];
  readonly file?: string;
  readonly origin?: Task['origin'];
  readonly split?: Task['split'];
  readonly limit?: number;
}

export interface GroupQuery {
  readonly runId?: string;
  readonly kind?: Kind;
  readonly role?: Role;
  readonly taskId?: string;
  readonly limit?: number;
}

/** An entry of the outbox: a group that waits to be streamed. `position` grows by one and is never used twice. */
export interface Outgoing {
  readonly position: number;
  readonly group: Group;
}

/** How often the model tried a task, and was right. */
export interface TaskAttempts {
  readonly taskId: string;
  readonly attempts: number;
  readonly right: number;
}

/** How attempts on a task went with one version of the model. `judged`: those with a verdict. */
export interface TaskRate {
  readonly taskId: string;
  readonly kind: Kind;
  readonly right: number;
  readonly judged: number;
}

/** How many records there are. `outgoing`: groups that wait to be streamed. */
export interface StoreCounts {
  readonly seeds: number;
  readonly tasks: number;
  readonly groups: number;
  readonly samples: number;
  readonly outgoing: number;
}

/** Who plays this store: the holder of its lease. */
export interface Player {
  readonly pid: number;
  /** When that process started and where its pid counts, so that a reused pid is told apart. Not for people. */
  readonly processStart: string;
  /** Milliseconds since 1970 of the last heartbeat. */
  readonly heartbeat: number;
}

/**
 * The records of one workspace folder, in SQLite behind a worker thread. A promise that resolves means that the record
 * is durable: it survives `kill -9`. Rejects with `StoreError` (closed union `reason`).
 */
export interface Store {
  /** Path of the database file. */
  readonly path: string;
  /** Where a damaged database was put aside when this one was begun. */
  readonly putAside?: string;
  /** Inserts or replaces by id. */
  putSeeds(seeds: readonly Seed[]): Promise<void>;
  seeds(): Promise<Seed[]>;
  removeSeeds(ids: readonly string[]): Promise<void>;
  /** Inserts or replaces by id. */
  putTasks(tasks: readonly Task[]): Promise<void>;
  tasks(query?: TaskQuery): Promise<Task[]>;
  setTaskState(ids: readonly string[], state: Task['state']): Promise<void>;
  /** One transaction: the group with its samples, the tasks that its proposals became, and, if asked, its place in the outbox. */
  commitGroup(
    group: Group,
    options: { readonly tasks?: readonly Task[]; readonly stream: boolean },
  ): Promise<void>;
  groups(query?: GroupQuery): Promise<Group[]>;
  /** The tasks that were tried, without the text of a single attempt. */
  attempts(): Promise<TaskAttempts[]>;
  /** The tasks that a version of the model tried, by its digest. */
  rates(digest: string): Promise<TaskRate[]>;
  counts(): Promise<StoreCounts>;
  putRun(run: Run): Promise<void>;
  runs(): Promise<Run[]>;
  putReview(review: Review): Promise<void>;
  reviews(taskId?: string): Promise<Review[]>;
  /** The oldest entries that were not acknowledged, at most `limit`, and fewer where they are large; none only where none waits. */
  outgoing(limit: number): Promise<Outgoing[]>;
  acknowledge(position: number): Promise<void>;
  /** Takes the lease where it is free or void; says who holds it otherwise. `takeOver` takes it from a living holder. */
  takeLease(options: {
    readonly takeOver: boolean;
  }): Promise<{ readonly held: true } | { readonly held: false; readonly by: Player }>;
  /** False when somebody else took it over: stop playing. */
  renewLease(): Promise<boolean>;
  releaseLease(): Promise<void>;
  /** Who plays now, this process included; undefined where nobody does. */
  player(): Promise<Player | undefined>;
  /** What was executed, sent or decided; append-only. */
  audit(event: { readonly what: string; readonly detail: Readonly<Record<string, unknown>> }): Promise<void>;
  /** A small text kept under a name; undefined where there is none. */
  note(name: string): Promise<string | undefined>;
  setNote(name: string, value: string): Promise<void>;
  /** A number that changes when another process has written; what this process writes leaves it as it is. */
  dataVersion(): Promise<number>;
  close(): Promise<void>;
}
