import type { Seed } from '../../../../protocol/seed.ts';
import { readCall } from '../../values/literal-reader.ts';
import type { FoundCall } from '../calls/call-index.ts';

/** Calls that a model proposed when these units were mined before: they are tried again, and nothing is asked a second time. */
export class ProposedBefore {
  readonly #calls = new Map<string, FoundCall[]>();

  constructor(seeds: readonly Seed[]) {
    for (const { entry, call: text, provenance } of seeds) {
      const { file, symbol, source, callModel } = provenance;
      const read = readCall(text);
      if (source !== 'model' || !read.ok) continue;
      const key = keyOf(`${file}:${symbol}`, entry);
      const model = callModel === null ? {} : { model: callModel };
      const its = this.#calls.get(key) ?? [];
      this.#calls.set(key, its);
      its.push({ call: read.value, text, source, file: null, line: null, ...model });
    }
  }

  /** Those of a program, by its unit (`file:symbol`) and entry. */
  of(unit: string, entry: string): readonly FoundCall[] {
    return this.#calls.get(keyOf(unit, entry)) ?? [];
  }
}

function keyOf(unit: string, entry: string): string {
  return `${unit}\0${entry}`;
}
