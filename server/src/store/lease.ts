import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Player } from './store.ts';

/** A lease whose holder was not heard of for so long is void, milliseconds. */
const voidAfterMs = 10_000;

/** Who plays this store: one row. A process that died without releasing it holds nothing. */
export class Lease {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  take({ takeOver }: { readonly takeOver: boolean }): { held: true } | { held: false; by: Player } {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const holder = this.#holder();
      if (holder !== undefined && !takeOver && !isSelf(holder) && isAlive(holder)) {
        this.#database.exec('ROLLBACK');
        return { held: false, by: holder };
      }
      this.#database
        .prepare('INSERT OR REPLACE INTO lease (only, pid, process_start, heartbeat) VALUES (1, ?, ?, ?)')
        .run(process.pid, ownStart, Date.now());
      this.#database.exec('COMMIT');
      return { held: true };
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  renew(): boolean {
    const sql = 'UPDATE lease SET heartbeat = ? WHERE pid = ? AND process_start = ?';
    return this.#database.prepare(sql).run(Date.now(), process.pid, ownStart).changes === 1;
  }

  release(): void {
    this.#database
      .prepare('DELETE FROM lease WHERE pid = ? AND process_start = ?')
      .run(process.pid, ownStart);
  }

  #holder(): Player | undefined {
    const row = this.#database.prepare('SELECT pid, process_start, heartbeat FROM lease').get();
    if (row === undefined) return undefined;
    return {
      pid: Number(row['pid']),
      processStart: String(row['process_start']),
      heartbeat: Number(row['heartbeat']),
    };
  }
}

/**
 * When a process started, as the system tells it, so that a pid that was given out again is told apart. Where the system
 * tells nothing (other than Linux), our own start by the clock, which others cannot check.
 */
function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the name, which may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const ownStart = processStart(process.pid) ?? String(Math.round(Date.now() - process.uptime() * 1000));

function isSelf({ pid, processStart: start }: Player): boolean {
  return pid === process.pid && start === ownStart;
}

function isAlive({ pid, processStart: start, heartbeat }: Player): boolean {
  if (Date.now() - heartbeat > voidAfterMs) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = processStart(pid);
  return now === undefined || now === start;
}
