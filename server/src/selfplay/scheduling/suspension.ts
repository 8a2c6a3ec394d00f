import { orAborted } from '../../or-aborted.ts';
import type { Clock } from './clock.ts';
import type { Power, ReadPower } from './power.ts';
import type { QuietHours } from './quiet-hours.ts';

/** Why a run that was started waits; it goes on by itself. */
export type SuspendReason = 'quiet-hours' | 'battery';

/** How often the power supply is looked at, milliseconds. */
const powerEveryMs = 10_000;

export interface SuspensionOptions {
  readonly clock: Clock;
  readonly quiet: QuietHours;
  /** On battery power, the charge in percent at and below which a run waits: 0 never, 100 always. */
  readonly minBattery: number;
  readonly readPower: ReadPower;
  readonly onChange: (reason: SuspendReason | undefined) => void;
}

/**
 * Whether a started run waits now. Each tick looks at the wall clock anew, so that one that jumps, or a machine that
 * slept, costs one tick.
 */
export class Suspension {
  readonly #options: SuspensionOptions;
  #reason: SuspendReason | undefined;
  #free: PromiseWithResolvers<void> | undefined;
  #power: Power = { source: 'unknown' };
  #readAt = Number.NEGATIVE_INFINITY;
  #reading = false;

  constructor(options: SuspensionOptions) {
    this.#options = options;
  }

  get reason(): SuspendReason | undefined {
    return this.#reason;
  }

  /** Looks once, the power supply included, before anything is played. */
  async begin(): Promise<void> {
    await this.#readPower();
    this.#decide();
  }

  /** To be called every second or so. */
  tick(): void {
    const { clock, minBattery } = this.#options;
    if (minBattery > 0 && !this.#reading && clock.now() - this.#readAt >= powerEveryMs) {
      void this.#readPower().then(() => this.#decide());
    }
    this.#decide();
  }

  /** Resolves when nothing keeps the run waiting; rejects as the signal says. */
  async clear(signal: AbortSignal): Promise<void> {
    while (this.#free !== undefined) await orAborted(this.#free.promise, signal);
  }

  async #readPower(): Promise<void> {
    const { clock, minBattery, readPower } = this.#options;
    if (minBattery <= 0) return;
    this.#reading = true;
    this.#readAt = clock.now();
    this.#power = await readPower();
    this.#reading = false;
  }

  #decide(): void {
    const reason = this.#find();
    if (reason === this.#reason) return;
    this.#reason = reason;
    if (reason === undefined) {
      this.#free?.resolve();
      this.#free = undefined;
    } else this.#free ??= Promise.withResolvers();
    this.#options.onChange(reason);
  }

  #find(): SuspendReason | undefined {
    const { quiet, clock, minBattery } = this.#options;
    if (quiet.includes(clock.date())) return 'quiet-hours';
    return this.#power.source === 'battery' && this.#power.charge <= minBattery && minBattery > 0
      ? 'battery'
      : undefined;
  }
}
