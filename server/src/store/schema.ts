import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from './store-error.ts';

/**
 * The migrations, oldest first; a database's `user_version` is how many of them it has. Never change one that was
 * released: append another. Records are JSON documents; beside them stand only the columns that queries need.
 */
const migrations: readonly string[] = [
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
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, run TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL,
    task TEXT, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX groups_by_run ON groups (run);
  CREATE INDEX groups_by_task ON groups (task);
  CREATE TABLE samples (
    "group" TEXT NOT NULL REFERENCES groups (id), "index" INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT,
    reward REAL NOT NULL, PRIMARY KEY ("group", "index")
  ) STRICT;
  CREATE TABLE reviews (id TEXT PRIMARY KEY, task TEXT NOT NULL, record TEXT NOT NULL) STRICT;
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
];

/** Version of the schema that this code writes. */
export const schemaVersion = migrations.length;

/** Brings a database to this version. Throws `newer-version` where a later Autodidact wrote it. */
export function migrate(database: DatabaseSync, path: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (found > schemaVersion) {
    throw new StoreError(
      'newer-version',
      `${path} was written by a newer Autodidact (schema ${found}, this one knows ${schemaVersion}). Update Autodidact, or name another place with --store.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < found) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
