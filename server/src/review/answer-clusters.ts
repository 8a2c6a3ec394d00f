import type { VerdictName } from '../../../protocol/judge.ts';
import type { Kind } from '../../../protocol/kind.ts';
import { encoding } from '../values/encoding.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { holdsNaN } from '../values/relations.ts';
import type { Value } from '../values/value.ts';
import { stripped } from '../values/white-space.ts';

/** A text that answers were given with, and how often with this verdict. */
export interface CountedAnswer {
  readonly answer: string | null;
  readonly verdict: VerdictName;
  readonly count: number;
  /** How many of them count as right: of messages those that helped. */
  readonly right: number;
}

/** Answers that behave the same. */
export interface AnswerCluster {
  readonly verdict: VerdictName;
  /** The commonest text among them; null where nothing well-formed was answered. */
  readonly answer: string | null;
  readonly count: number;
}

/** What identifies the behaviour of a program that was answered with; throws nothing. */
export type ProgramKey = (program: string) => string;

/**
 * Clusters the answers to one task by behaviour, largest cluster first: outputs and calls that are the same value
 * (`sameValue`), programs by `programKey` (their text, unless told otherwise). Behaviour that was judged differently is kept apart.
 */
export function answerClusters(
  kind: Kind,
  answers: readonly CountedAnswer[],
  programKey: ProgramKey = stripped,
): AnswerCluster[] {
  const clusters = new Map<string, { verdict: VerdictName; texts: Map<string | null, number> }>();
  for (const { answer, verdict, count } of answers) {
    const key = `${verdict} ${answer === null ? '' : behaviourKey(kind, answer, programKey)}`;
    const cluster = clusters.get(key) ?? { verdict, texts: new Map() };
    clusters.set(key, cluster);
    cluster.texts.set(answer, (cluster.texts.get(answer) ?? 0) + count);
  }
  return [...clusters.values()]
    .map(({ verdict, texts }) => {
      const [answer, most] = [...texts].reduce((a, b) => (b[1] > a[1] ? b : a));
      const others = [...texts.values()].reduce((sum, count) => sum + count, 0) - most;
      return { verdict, answer, count: most + others };
    })
    .sort((a, b) => b.count - a.count);
}

/** How often answers were right, and how many were judged at all. */
export function judged(answers: readonly CountedAnswer[]): { readonly right: number; readonly of: number } {
  const its = answers.filter(({ verdict }) => verdict !== 'unjudgeable');
  return {
    right: its.reduce((sum, { right }) => sum + right, 0),
    of: its.reduce((sum, { count }) => sum + count, 0),
  };
}

function behaviourKey(kind: Kind, answer: string, programKey: ProgramKey): string {
  // What cannot be read, or equals nothing, is the same as its own text only.
  const text = `text ${stripped(answer)}`;
  switch (kind) {
    case 'deduction': {
      const read = readOutput(answer);
      if (!read.ok) return text;
      return read.value.type === 'raise'
        ? `raise ${read.value.exception}`
        : (encoded(read.value.value) ?? text);
    }
    case 'abduction': {
      const read = readCall(answer);
      return read.ok ? (encoded({ type: 'tuple', items: read.value }) ?? text) : text;
    }
    default:
      return `program ${programKey(answer)}`;
  }
}

function encoded(value: Value): string | undefined {
  return holdsNaN(value) ? undefined : `value ${encoding(value, 'unordered')}`;
}
