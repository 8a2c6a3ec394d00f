import type { DatabaseSync } from 'node:sqlite';
import { statements, transaction } from './connection.ts';
import { type Liveness, liveness, type ProcessIdentity, thisProcess } from './process-identity.ts';
import type { Player } from './store.ts';

/** A lease whose holder was not heard of for so long is void, milliseconds. */
export const voidAfterMs = 10_000;

/** What of the outside a lease depends on. */
export interface LeaseWorld {
  now(): number;
  readonly self: ProcessIdentity;
  liveness(process: ProcessIdentity): Liveness;
}

/** Who plays a store: one row. A process that died without releasing it holds nothing. */
export interface Lease {
  /** Takes it where it is free, void, ours already, or `takeOver`; otherwise says who holds it. */
  take(takeOver: boolean): { readonly held: true } | { readonly held: false; readonly by: Player };
  /** A heartbeat. False where it is not ours any more. */
  renew(): boolean;
  /** Gives it back where it is ours. */
  release(): void;
  /** Who holds it; undefined where it is free or void. */
  player(): Player | undefined;
}

/** The lease in a database. */
export function leaseOn(database: DatabaseSync, world: LeaseWorld = realWorld()): Lease {
  const { run, get } = statements(database);
  const { self, now } = world;
  const player = () => {
    const row = get('SELECT pid, process_start, heartbeat FROM lease');
    if (row === undefined) return undefined;
    const holder: Player = {
      pid: Number(row['pid']),
      processStart: String(row['process_start']),
      heartbeat: Number(row['heartbeat']),
    };
    return isValid(holder, world) ? holder : undefined;
  };
  return {
    take: (takeOver) =>
      transaction(database, () => {
        const holder = takeOver ? undefined : player();
        if (holder !== undefined && !isSelf(holder, self)) return { held: false, by: holder };
        const sql = `INSERT INTO lease (only, pid, process_start, heartbeat) VALUES (1, ?, ?, ?)
          ON CONFLICT (only) DO UPDATE SET pid = excluded.pid, process_start = excluded.process_start,
            heartbeat = excluded.heartbeat`;
        run(sql, self.pid, self.start, now());
        return { held: true };
      }),
    renew: () => {
      const sql = 'UPDATE lease SET heartbeat = ? WHERE pid = ? AND process_start = ?';
      return run(sql, now(), self.pid, self.start).changes === 1;
    },
    release: () => {
      run('DELETE FROM lease WHERE pid = ? AND process_start = ?', self.pid, self.start);
    },
    player,
  };
}

function isSelf({ pid, processStart }: Player, self: ProcessIdentity): boolean {
  return pid === self.pid && processStart === self.start;
}

function isValid({ pid, processStart, heartbeat }: Player, world: LeaseWorld): boolean {
  // A heartbeat far ahead is as void as an old one: the clock was put back, and a living holder would have beaten since.
  if (Math.abs(world.now() - heartbeat) > voidAfterMs) return false;
  return world.liveness({ pid, start: processStart }) !== 'gone';
}

function realWorld(): LeaseWorld {
  return { now: () => Date.now(), self: thisProcess(), liveness };
}
