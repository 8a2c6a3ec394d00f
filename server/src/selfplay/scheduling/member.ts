import type { Endpoint } from '../../model/endpoint.ts';
import { gateOf, type PriorityGate } from '../../model/priority-gate.ts';
import type { Revive } from '../outage.ts';

/** A server that a run may ask. */
export interface PoolMember {
  readonly endpoint: Endpoint;
  /** Requests that it answers at once, each with a prompt cache of its own. */
  readonly slots: number;
  readonly revive?: Revive;
}

/**
 * How a server of the pool stands. `down`: it failed and is looked at again and again; `out`: it has another model under
 * the run's name, and is not asked any more.
 */
export type MemberState = 'up' | 'down' | 'out';

/** A server of the pool with what is going on there. */
export class Member {
  readonly endpoint: Endpoint;
  readonly slots: number;
  readonly revive: Revive | undefined;
  readonly gate: PriorityGate;
  state: MemberState = 'up';
  used = 0;
  /** Failures since it last answered. */
  failures = 0;

  constructor({ endpoint, slots, revive }: PoolMember) {
    this.endpoint = endpoint;
    this.slots = slots;
    this.revive = revive;
    this.gate = gateOf(endpoint.host);
  }

  get hasRoom(): boolean {
    return this.state === 'up' && this.used < this.slots;
  }
}
