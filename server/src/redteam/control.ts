import { readFileSync } from 'node:fs';
import path from 'node:path';
import { asset } from '../entry-point.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { writeCall } from '../values/literal-writer.ts';
import type { Value } from '../values/value.ts';
import { canary, canarySays } from './canary.ts';
import type { Cheat } from './corpora.ts';
import type { Program } from './read-programs.ts';
import { told } from './told.ts';

/**
 * The checks of the published executor, as a control: what it loses to the same corpora shows what they are worth. It runs
 * inside of the sandbox, one entry at a time, so nothing that it lets through does harm.
 */
export class Control {
  readonly #sandbox: Sandbox;
  readonly #program = readFileSync(path.join(asset('redteam'), 'control', 'published.py'), 'utf8');

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Whether it pays for an answer that is worth nothing. */
  async pays({ record }: Cheat, signal: AbortSignal): Promise<boolean> {
    const { kind, answer } = record;
    const program = kind === 'induction' ? '' : record.program;
    const pairs = kind === 'induction' ? record.pairs : [];
    const given = kind === 'deduction' ? await this.#output(record.program, record.call, signal) : '';
    const gold = kind === 'abduction' ? record.output : given;
    const pairValues = pairs.map((pair) => list(pair.map(text)));
    const call = [text(kind), text(program), text(gold), text(answer), list(pairValues)];
    return (await this.#told('pays', call, signal)) === 'ok True';
  }

  /** Whether it takes a program that drifts for one that does not. */
  async accepts({ source, calls }: Program, signal: AbortSignal): Promise<boolean> {
    return (await this.#told('accepts', [text(source), text(writeCall(calls[0]))], signal)) === 'ok True';
  }

  /** Whether an attack leaves something for the program after it, or leaves none to come after it. */
  async isSpoiled({ source, calls }: Program, signal: AbortSignal): Promise<boolean> {
    const [argument = { type: 'none' }] = canary.call;
    const call = [text(source), text(writeCall(calls[0])), text(canary.program), argument] as const;
    return (await this.#told('after', call, signal)) !== canarySays;
  }

  async #told(entry: string, call: readonly Value[], signal: AbortSignal): Promise<string> {
    const limits = { cpuMs: 800, wallMs: 1_500 };
    return told(await this.#sandbox.run({ program: this.#program, entry, call, limits }, signal));
  }

  async #output(program: string, call: string, signal: AbortSignal): Promise<string> {
    const ended = await this.#told('output', [text(program), text(call)], signal);
    return ended.replace(/^ok /, '');
  }
}

function text(value: string): Value {
  return { type: 'str', value };
}

function list(items: readonly Value[]): Value {
  return { type: 'list', items };
}
