import Table from 'cli-table3';
import type { Seed } from '../../../protocol/seed.ts';
import { type Loss, losses } from '../mining/losses.ts';
import type { AskedCounts, MineEvent } from '../mining/mine-event.ts';
import { tooLarge } from '../tasks/task-size.ts';
import { counted } from './counted.ts';

/** Test files that could not be run are named up to this many. */
const maxShown = 5;

/** What was mined so far, counted. */
export class MineReport {
  files = 0;
  found = 0;
  units = 0;
  seeds = 0;
  /** Test files that were run for the calls that they make. */
  tests = 0;
  /** Seeds by unit, each with the place where it stands. */
  readonly byUnit = new Map<string, number>();
  /** Seeds that are small enough to be asked as tasks. */
  #tasks = 0;
  readonly #minedUnits = new Set<string>();
  readonly #notRecorded: string[] = [];
  readonly #bySource = new Map<string, Counts>();
  readonly #bySplit = new Map<string, Counts>();
  readonly #lost = new Map<Loss, LossCounts>();
  readonly #asked = { units: 0, answers: 0, wellFormed: 0, fresh: 0, returned: 0 };

  add(event: MineEvent): void {
    switch (event.type) {
      case 'found':
        this.found = event.files;
        return;
      case 'file':
        this.files++;
        this.units += event.units;
        return;
      case 'loss': {
        const counts = this.#lost.get(event.loss) ?? { count: 0, units: new Set() };
        this.#lost.set(event.loss, counts);
        counts.count++;
        counts.units.add(`${event.file}:${event.symbol ?? ''}`);
        if (event.loss === 'not-recorded') this.#notRecorded.push(`  ${event.file}: ${event.detail}\n`);
        return;
      }
      case 'seed':
        this.#addSeed(event.seed);
        return;
      case 'recorded':
        if (!event.isLeft) this.tests++;
        return;
      case 'asked':
        this.#addAsked(event);
        return;
      case 'step':
    }
  }

  /** In few lines: what was found, and what was lost by reason, the commonest first. */
  get summary(): string {
    const reasons = [...this.#lost].sort(([, a], [, b]) => b.count - a.count);
    const width = Math.max(0, ...reasons.map(([, { count }]) => String(count).length));
    const lines = reasons.map(
      ([loss, { count }]) => `  ${String(count).padStart(width)}  ${loss}: ${losses[loss]}\n`,
    );
    const lostLine =
      reasons.length === 0 ? '' : `Functions and calls that were lost, by reason:\n${lines.join('')}`;
    return `${this.#firstLine}${lostLine}${this.#notRecordedText}`;
  }

  /** In tables: seeds by the source of their calls and by split, and what was lost by reason. */
  get text(): string {
    const seeds = (counts: ReadonlyMap<string, Counts>) =>
      [...counts]
        .sort(([, a], [, b]) => b.seeds - a.seeds)
        .map(([name, { seeds: its, units }]) => [name, its, units.size] as const);
    const lost = [...this.#lost]
      .sort(([, a], [, b]) => b.units.size - a.units.size)
      .map(([loss, { count, units }]) => [loss, units.size, count, losses[loss]] as const);
    return [
      this.#firstLine,
      table(['calls from', 'seeds', 'functions'], seeds(this.#bySource)),
      table(['split', 'seeds', 'functions'], seeds(this.#bySplit)),
      table(['lost', 'functions', 'times', 'meaning'], lost),
      ...this.#askedText,
      ...(this.#notRecorded.length === 0 ? [] : [this.#notRecordedText]),
    ].join('\n');
  }

  /** Why tests gave no calls, of the first few. */
  get #notRecordedText(): string {
    const [first] = this.#notRecorded;
    if (first === undefined) return '';
    const more = this.#notRecorded.length - maxShown;
    const rest = more > 0 ? `  and ${counted(more, 'other file')}\n` : '';
    return `Tests that were not run to their end:\n${this.#notRecorded.slice(0, maxShown).join('')}${rest}`;
  }

  /** What came of asking a model, if one was asked. */
  get #askedText(): string[] {
    const { units, answers, wellFormed, fresh, returned } = this.#asked;
    if (units === 0) return [];
    const share = (count: number) => `${count} (${((100 * count) / Math.max(1, answers)).toFixed(0)} %)`;
    return [
      `The model was asked about ${counted(units, 'function')} and gave ${counted(answers, 'answer')}: ${share(wellFormed)} are calls, ${share(fresh)} new ones, ${share(returned)} return a value.\n`,
    ];
  }

  #addAsked({ answers, wellFormed, fresh, returned }: AskedCounts): void {
    const sums = this.#asked;
    sums.units++;
    sums.answers += answers;
    sums.wellFormed += wellFormed;
    sums.fresh += fresh;
    sums.returned += returned;
  }

  get #firstLine(): string {
    const tasks = this.seeds === 0 ? '' : ` ${this.#tasks} of them are small enough to be tasks.`;
    return `${counted(this.seeds, 'seed')} from ${this.#minedUnits.size} of ${counted(this.units, 'function')} and methods in ${counted(this.files, 'file')}.${tasks}\n`;
  }

  #addSeed(seed: Seed): void {
    const { entry, provenance, split } = seed;
    if (!tooLarge(seed)) this.#tasks++;
    this.#minedUnits.add(`${provenance.file}:${provenance.symbol}`);
    const unit = `${provenance.file}:${provenance.line}\t${entry}`;
    this.seeds++;
    this.byUnit.set(unit, (this.byUnit.get(unit) ?? 0) + 1);
    for (const [counts, name] of [
      [this.#bySource, provenance.source],
      [this.#bySplit, split],
    ] as const) {
      const its = counts.get(name) ?? { seeds: 0, units: new Set() };
      counts.set(name, its);
      its.seeds++;
      its.units.add(`${provenance.file}:${provenance.symbol}`);
    }
  }
}

interface Counts {
  seeds: number;
  readonly units: Set<string>;
}

interface LossCounts {
  count: number;
  readonly units: Set<string>;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const made = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) made.push([...row]);
  return `${made.toString()}\n`;
}
