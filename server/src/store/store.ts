import type { MessagePort } from 'node:worker_threads';
import type { AuditEvent, AuditLine, StateReason } from '../../../protocol/audit.ts';
import type { Group } from '../../../protocol/group.ts';
import type { VerdictName } from '../../../protocol/judge.ts';
import type { Kind, Role } from '../../../protocol/kind.ts';
import type { PseudoGroup, PseudoLabel } from '../../../protocol/pseudo-label.ts';
import type { Review } from '../../../protocol/review.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';

export interface SeedQuery {
  readonly ids?: readonly string[];
  readonly file?: string;
}

export interface TaskQuery {
  readonly ids?: readonly string[];
  /** What the id begins with. */
  readonly prefix?: string;
  readonly kind?: Kind;
  readonly state?: Task['state'];
  readonly file?: string;
  readonly origin?: Task['origin'];
  readonly split?: Task['split'];
  readonly limit?: number;
}

export interface GroupQuery {
  readonly ids?: readonly string[];
  readonly runId?: string;
  readonly kind?: Kind;
  readonly role?: Role;
  readonly taskId?: string;
  /** The oldest so many. */
  readonly limit?: number;
  /** The newest so many, still oldest first; `limit` is not looked at then. */
  readonly newest?: number;
}

export interface AuditQuery {
  /** Lines of this time and later, ISO 8601 in UTC. */
  readonly since?: string;
  /** Lines with a higher number. */
  readonly after?: number;
  /** Lines that name this task. */
  readonly taskId?: string;
  /** Lines that name this run. */
  readonly runId?: string;
  /** Lines that name one of these groups as sent. */
  readonly groupIds?: readonly string[];
  readonly limit: number;
}

/** The state that a task is in from now on. */
export interface TaskState {
  readonly taskId: string;
  readonly state: Task['state'];
}

/** The place of a group in the outbox. */
export interface OutboxPlace {
  readonly groupId: string;
  readonly position: number;
  readonly acknowledged: boolean;
}

/** One text that the model answered a task with, and how often with this verdict. */
export interface TaskAnswer {
  readonly taskId: string;
  /** Null where nothing well-formed was found in the completion. */
  readonly answer: string | null;
  readonly verdict: VerdictName;
  readonly count: number;
  /** How many of them count as right: of messages those that helped. */
  readonly right: number;
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

/** How many records there are. `openTasks`: of the tasks; `outgoing`: groups that wait to be streamed. */
export interface StoreCounts {
  readonly seeds: number;
  readonly tasks: number;
  readonly openTasks: number;
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
  seeds(query?: SeedQuery): Promise<Seed[]>;
  removeSeeds(ids: readonly string[]): Promise<void>;
  /** Inserts or replaces by id. */
  putTasks(tasks: readonly Task[]): Promise<void>;
  /** Inserts; those that are there already stay as they are. */
  addTasks(tasks: readonly Task[]): Promise<void>;
  tasks(query?: TaskQuery): Promise<Task[]>;
  /** With `why`, the audit log gets a line in the same transaction, unless there are no ids. */
  setTaskState(ids: readonly string[], state: Task['state'], why?: StateReason): Promise<void>;
  /**
   * One transaction: the group with its samples, the tasks that its proposals became, and, if asked, its place in the outbox. Tasks that
   * are there already stay as they are.
   */
  commitGroup(
    group: Group,
    options: { readonly tasks?: readonly Task[]; readonly stream: boolean },
  ): Promise<void>;
  groups(query?: GroupQuery): Promise<Group[]>;
  /** The tasks that were tried, without the text of a single attempt. */
  attempts(): Promise<TaskAttempts[]>;
  /** The tasks that a version of the model tried, by its digest. */
  rates(digest: string): Promise<TaskRate[]>;
  /** What the model answered these tasks with, those never tried left out. */
  answers(taskIds: readonly string[]): Promise<TaskAnswer[]>;
  /** The track of pseudo-labels, which no other question to the store touches. One that is there already stays as it is. */
  putPseudoGroup(group: PseudoGroup): Promise<void>;
  pseudoGroups(runId: string): Promise<PseudoGroup[]>;
  /** All of them, without what the model saw and said. */
  pseudoLabels(): Promise<PseudoLabel[]>;
  counts(): Promise<StoreCounts>;
  putRun(run: Run): Promise<void>;
  runs(): Promise<Run[]>;
  /**
   * One transaction: the review, what it made of tasks, and its line in the audit log. A review that is there already stays as it
   * is. `tasks`: made by an edit; those that exist stay as they are. `states`: of tasks from now on.
   */
  commitReview(
    review: Review,
    options?: { readonly tasks?: readonly Task[]; readonly states?: readonly TaskState[] },
  ): Promise<void>;
  reviews(taskId?: string): Promise<Review[]>;
  /** How many reviews there are: as they are only added, whether any is new. */
  reviewCount(): Promise<number>;
  /** The oldest entries that were not acknowledged, at most `limit`, and fewer where they are large; none only where none waits. */
  outgoing(limit: number): Promise<Outgoing[]>;
  acknowledge(position: number): Promise<void>;
  /** Where these groups stand in the outbox, those left out that were not to be streamed. */
  outboxPlaces(groupIds: readonly string[]): Promise<OutboxPlace[]>;
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
  audit(event: AuditEvent): Promise<void>;
  /** Lines of the audit log, oldest first. */
  auditLog(query: AuditQuery): Promise<AuditLine[]>;
  /** A small text kept under a name; undefined where there is none. */
  note(name: string): Promise<string | undefined>;
  setNote(name: string, value: string): Promise<void>;
  /** A number that changes when another process has written; what this process writes leaves it as it is. */
  dataVersion(): Promise<number>;
  /**
   * A port for another thread of this process, to be opened there by `storeAtPort`: the same connection answers, so that both see
   * what each has written, and `dataVersion` tells of neither.
   */
  share(): Promise<MessagePort>;
  close(): Promise<void>;
}
