import type { Ran, Sandbox } from '../../sandbox/sandbox.ts';
import { writeValue } from '../../values/literal-writer.ts';
import { holdsNaN, identical } from '../../values/relations.ts';
import type { Call } from '../../values/value.ts';
import type { Candidate } from '../most-telling.ts';
import { overlap } from '../overlap.ts';
import type { TriedCall } from './further-calls.ts';

/** Well below what a call is given when it is verified. */
const limits = { cpuMs: 200, wallMs: 1_000 };

/** Runs into limits, after which no further call is tried. */
const maxLimits = 2;

/** Milliseconds of processor time in all, after which no further call is tried. */
const maxCpuMs = 3_000;

/** Calls run at a time, and calls whose lines are asked at a time. */
const atATime = 6;
const tracedAtATime = 3;

/** What a call raises that is given arguments of other types than it takes. */
const mistyped = new Set(['TypeError', 'AttributeError']);

/** A call that returned a value. */
export interface Returned extends Candidate {
  readonly call: Call;
  /** Empty where they were not asked. */
  lines: readonly number[];
  /** Whether it is something, and none of the arguments. */
  readonly isTelling: boolean;
}

/** Calls of one program, run once each, and what came of them. */
export class Trial {
  readonly tried: TriedCall[] = [];
  readonly returned: Returned[] = [];
  /** Calls that return what is no literal, and the type of the first such object, as the sandbox names it. */
  readonly unencodable: Call[] = [];
  objectType: string | undefined;
  /** How often calls ended without a value, by what ended them. */
  readonly failures = new Map<string, number>();
  /** Calls that return nothing. */
  none = 0;
  /** Outputs that tell something, and all lines that were executed, as far as they were asked. */
  readonly outputs = new Set<string>();
  readonly lines = new Set<number>();
  readonly #program: { readonly program: string; readonly entry: string };
  readonly #sandbox: Sandbox;
  #limited = 0;
  #raised = 0;
  #cpuMs = 0;
  #unasked: { readonly returned: Returned; readonly worth: number }[] = [];

  constructor(program: { readonly program: string; readonly entry: string }, sandbox: Sandbox) {
    this.#program = program;
    this.#sandbox = sandbox;
  }

  /** Whether calls ran into limits, or took long in all: then no more are tried. */
  get isOver(): boolean {
    return this.#limited >= maxLimits || this.#cpuMs >= maxCpuMs;
  }

  /** Whether calls raised, and none did anything else. */
  get isRaising(): boolean {
    return this.tried.length > 0 && this.#raised === this.tried.length;
  }

  /** Runs calls until one time too many a limit ends one. */
  async run(calls: readonly Call[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < calls.length && !this.isOver; at += atATime) {
      const batch = calls.slice(at, at + atATime);
      const ran = await this.#sandbox.runBatch(
        batch.map((call) => ({ ...this.#program, call, limits })),
        signal,
      );
      for (const [index, end] of ran.entries()) this.#note(batch[index] ?? [], end);
    }
  }

  /**
   * Asks at most `most` of the calls that returned since the last time for their lines: those that told something new first, they
   * are the likeliest to have gone another way. Tells whether the lines still grow: the later half of these calls ran some that no
   * call before did.
   */
  async askLines(most: number, signal: AbortSignal): Promise<boolean> {
    const asked = this.#unasked.toSorted((a, b) => b.worth - a.worth).slice(0, most);
    this.#unasked = [];
    const tasks = asked.map(({ returned }) => async () => {
      const trace = await this.#sandbox.trace({ ...this.#program, call: returned.call, limits }, signal);
      return { returned, lines: trace.lines };
    });
    let asking = 0;
    let grows = false;
    for await (const { returned, lines } of overlap(tasks, tracedAtATime)) {
      asking += 1;
      if (2 * asking > asked.length) grows ||= lines.some((line) => !this.lines.has(line));
      returned.lines = lines;
      for (const line of lines) this.lines.add(line);
    }
    return grows && asked.length > 1;
  }

  #note(call: Call, end: Ran): void {
    this.#cpuMs += end.cpuMs;
    this.tried.push({ call, isMistyped: end.outcome === 'exception' && mistyped.has(end.type) });
    if (end.outcome === 'limit') this.#limited += 1;
    if (end.outcome === 'exception') this.#raised += 1;
    if (end.outcome === 'unencodable') {
      this.unencodable.push(call);
      this.objectType ??= end.what;
    }
    const failure = failureOf(end);
    if (failure !== undefined) this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1);
    if (failure !== undefined || end.outcome !== 'ok') return;
    const { value } = end;
    if (value.type === 'none') {
      this.none += 1;
      return;
    }
    const isTelling = !call.some((argument) => identical(argument, value));
    const returned = { call, output: writeValue(value), isTelling, lines: [] };
    this.returned.push(returned);
    const isNew = isTelling && !this.outputs.has(returned.output);
    this.#unasked.push({ returned, worth: isNew ? 2 : Number(isTelling) });
    if (isTelling) this.outputs.add(returned.output);
  }
}

function failureOf(ran: Ran): string | undefined {
  switch (ran.outcome) {
    case 'ok':
      return holdsNaN(ran.value) ? 'NaN' : undefined;
    case 'exception':
      return ran.type;
    case 'limit':
      return ran.limit;
    case 'unencodable':
    case 'violation':
      return ran.what;
    case 'crash':
      return ran.signal;
    case 'refused':
      return ran.reason;
  }
}
