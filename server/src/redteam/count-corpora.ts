import type { Sandbox } from '../sandbox/sandbox.ts';
import { Control } from './control.ts';
import {
  type Finding,
  readAttacks,
  readCheats,
  readDrifting,
  readSteady,
  tryAttack,
  tryCheat,
  tryDrifting,
  trySteady,
} from './corpora.ts';

/** One entry of a corpus that did not end as it must. */
export interface Failure {
  readonly name: string;
  readonly told: string;
}

/** What a corpus found, ours beside the published checks. */
export interface CorpusCount {
  readonly corpus: string;
  readonly entries: number;
  readonly failures: readonly Failure[];
  /** Entries that the published checks lose; undefined where they have nothing of the kind. */
  readonly published?: number;
}

/** Counts, corpus after corpus, what the red team finds in a sandbox and in the published checks. */
export async function* countCorpora(sandbox: Sandbox, signal: AbortSignal): AsyncGenerator<CorpusCount> {
  const control = new Control(sandbox);
  const attacks = readAttacks();
  const leaving = attacks.filter(({ name }) => name.startsWith('contamination/'));
  const others = attacks.filter((attack) => !leaving.includes(attack));
  const steady = readSteady().flatMap((one) => one.calls.map((call) => ({ ...one, call })));
  yield await counted('attacks: escapes, floods, forgeries, lies', others, (attack) =>
    tryAttack(attack, sandbox, signal),
  );
  yield {
    ...(await counted('attacks that leave something for the next program', leaving, (attack) =>
      tryAttack(attack, sandbox, signal),
    )),
    published: await lost(leaving, (attack) => control.isSpoiled(attack, signal)),
  };
  yield {
    ...(await counted('answers that are worth nothing', readCheats(), (cheat) =>
      tryCheat(cheat, sandbox, signal),
    )),
    published: await lost(readCheats(), (cheat) => control.pays(cheat, signal)),
  };
  yield {
    ...(await counted('programs that drift', readDrifting(), (program) =>
      tryDrifting(program, sandbox, signal),
    )),
    published: await lost(readDrifting(), (program) => control.accepts(program, signal)),
  };
  yield await counted('calls that do not drift', steady, (one) => trySteady(one, one.call, sandbox, signal));
}

async function counted<T extends { readonly name: string }>(
  corpus: string,
  entries: readonly T[],
  attempt: (entry: T) => Promise<Finding>,
): Promise<CorpusCount> {
  const failures: Failure[] = [];
  for (const entry of entries) {
    const { held, told } = await attempt(entry);
    if (!held) failures.push({ name: entry.name, told });
  }
  return { corpus, entries: entries.length, failures };
}

async function lost<T>(entries: readonly T[], loses: (entry: T) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (const entry of entries) if (await loses(entry)) count += 1;
  return count;
}

/** A corpus in one line, for a person. */
export function tellCorpus({ corpus, entries, failures, published }: CorpusCount): string {
  const theirs = published === undefined ? '' : `; the published checks fail ${published}`;
  return `${corpus}: ${entries}, of which we fail ${failures.length}${theirs}`;
}
