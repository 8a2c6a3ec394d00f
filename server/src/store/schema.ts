import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './connection.ts';
import { StoreError } from './store-error.ts';

/** Marks a database as ours (`PRAGMA application_id`): "Auto" in ASCII. */
const applicationId = 0x4175746f;

/**
 * The migrations, oldest first; a database's `user_version` is how many of them it has. Never change one that was
 * released: append another. Records are JSON documents; beside them stand only the columns that queries need.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE seeds (id TEXT PRIMARY KEY, file TEXT NOT NULL, record TEXT NOT NULL) STRICT;
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, file TEXT NOT NULL, origin TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tasks_by_state ON tasks (state, kind);
  CREATE INDEX tasks_by_file ON tasks (file);
  CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT;
  CREATE TABLE groups (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, run TEXT NOT NULL REFERENCES runs (id), kind TEXT NOT NULL,
    role TEXT NOT NULL, task TEXT REFERENCES tasks (id), record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX groups_by_run ON groups (run);
  CREATE INDEX groups_by_task ON groups (task);
  CREATE TABLE samples (
    "group" TEXT NOT NULL REFERENCES groups (id), "index" INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT,
    reward REAL NOT NULL, PRIMARY KEY ("group", "index")
  ) STRICT;
  CREATE TABLE reviews (id TEXT PRIMARY KEY, task TEXT NOT NULL REFERENCES tasks (id), record TEXT NOT NULL) STRICT;
  CREATE INDEX reviews_by_task ON reviews (task);
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, "group" TEXT NOT NULL UNIQUE REFERENCES groups (id),
    acknowledged INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX outbox_waiting ON outbox (position) WHERE acknowledged = 0;
  CREATE TABLE lease (
    only INTEGER PRIMARY KEY CHECK (only = 1), pid INTEGER NOT NULL, process_start TEXT NOT NULL,
    heartbeat INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE audit (number INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
  CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  // What was answered, so that answers are counted without reading a token.
  `
  ALTER TABLE samples ADD COLUMN answer TEXT;
  UPDATE samples SET answer = sample.value ->> '$.answer'
    FROM groups, json_each(groups.record, '$.samples') AS sample
    WHERE groups.id = samples."group" AND sample.value ->> '$.index' = samples."index";
  `,
  // What no execution checked, apart from all that it did.
  `
  CREATE TABLE pseudo_groups (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, run TEXT NOT NULL REFERENCES runs (id), record TEXT NOT NULL
  ) STRICT;
  `,
];

/** Version of the schema that this code writes. */
export const schemaVersion = migrations.length;

/**
 * Brings a database to this version, all of it or nothing: two processes may open a new one at the same time. Throws
 * `newer-version` where a later Autodidact wrote it, `not-a-store` where another program did.
 */
export function migrate(database: DatabaseSync, path: string, steps: readonly string[] = migrations): void {
  if (versionOf(database, path, steps.length) === steps.length) return;
  transaction(database, () => {
    const found = versionOf(database, path, steps.length);
    for (const step of steps.slice(found)) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length};`);
  });
}

function versionOf(database: DatabaseSync, path: string, known: number): number {
  const found = pragma(database, 'user_version');
  const id = pragma(database, 'application_id');
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']);
  if ((id !== applicationId && id !== 0) || (found === 0 && tables > 0)) {
    const message = `${path} is the database of another program. Name another place with --store.`;
    throw new StoreError('not-a-store', message);
  }
  if (found > known) {
    throw new StoreError(
      'newer-version',
      `${path} was written by a newer Autodidact (schema ${found}, this one knows ${known}). Update Autodidact, or name another place with --store.`,
    );
  }
  return found;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
