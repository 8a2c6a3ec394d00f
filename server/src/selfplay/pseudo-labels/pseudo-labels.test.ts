import { describe, expect, it } from 'vitest';
import type { PseudoGroup, PseudoLabel, UnansweredCall } from '../../../../protocol/pseudo-label.ts';
import type { Task } from '../../../../protocol/task.ts';
import { examplePseudoLabel, exampleUnanswered } from '../../../../test/support/example-pseudo-labels.ts';
import { exampleAbduction, exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { ModelError } from '../../model/model-error.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { choices } from '../choices.ts';
import { namedPreset } from '../presets/named-preset.ts';
import { batchGroups, PseudoLabels } from './pseudo-labels.ts';

const { signal } = new AbortController();
const version = 'd'.repeat(64);
const origin = {
  schema: 1,
  runId: 'run',
  preset: 'autodidact',
  estimator: 'leave-one-out',
  model: { name: 'm', digest: version },
  backend: { name: 'pyodide', version: '314.0.7', python: '3.14.2' },
} as const;

/** Answers in turn, whatever is asked, so that 5 of 8 agree. */
const outOf = (...lines: readonly string[]) => {
  let asked = 0;
  return scriptedEndpoint(() => `${lines[asked++ % lines.length]}\n`);
};
const mostly42 = () => outOf('42', '42', '42', '42', '42', '7', '8', '9');

const calls = (count: number): UnansweredCall[] =>
  Array.from({ length: count }, (_, n) => exampleUnanswered({ id: `call${n}`, call: `([${n}, 4],)` }));
const verified = (count: number, change: Partial<Task & { kind: 'deduction' }> = {}): Task[] =>
  Array.from({ length: count }, (_, n) =>
    exampleDeduction({ id: `task${n}`, call: `(${n + 100},)`, ...change }),
  );

/** So that 42 is not what most tasks have. */
const sevens = [1, 2, 3, 4].map((n) => exampleAbduction({ id: `seven${n}`, call: `(${n},)`, output: '7' }));

function track(known: { calls?: UnansweredCall[]; labels?: PseudoLabel[]; groups?: number }) {
  const kept: PseudoGroup[] = [];
  const store = {
    putPseudoGroup: async (group: PseudoGroup) => {
      kept.push(group);
    },
  };
  const labels = new PseudoLabels({ calls: [], labels: [], groups: 0, version, ...known }, store);
  const play = (endpoint: ReturnType<typeof scriptedEndpoint>, tasks: readonly Task[], groups = 8) =>
    labels.play(
      groups,
      tasks,
      origin,
      {
        endpoint,
        sandbox: scriptedSandbox(() => ({ outcome: 'drifts' })),
        choices: choices(1),
        preset: namedPreset('autodidact'),
        now: () => '',
      },
      signal,
    );
  return { labels, kept, play };
}

describe('a batch', () => {
  it('asks calls without a gold value and verified tasks in the same way, and pays what most say', async () => {
    const { kept, play } = track({ calls: calls(9) });
    const endpoint = mostly42();
    expect(await play(endpoint, [...verified(2), ...sevens])).toBeUndefined();
    const about = (type: string) => kept.filter((group) => group.about.type === type);
    expect([about('unanswered').length, about('probe').length]).toEqual([4, 2]);
    // In no order that would tell them apart.
    expect(kept.map((group) => group.about.type).lastIndexOf('unanswered')).toBeGreaterThan(0);
    for (const { about: its, prompt, samples, label, agreement } of kept) {
      const question = its.type === 'unanswered' ? its.call : verified(2).find(({ id }) => id === its.taskId);
      if (question?.kind !== 'deduction') throw new TypeError('Something else was asked.');
      expect(prompt).toBe(kindSpec('deduction').ask(question).prompt);
      expect([label, agreement]).toEqual(['42', 5 / 8]);
      expect(samples.map(({ reward }) => reward.total)).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
      expect(samples[0]?.reward.parts).toEqual({ agreement: 5 / 8 });
    }
    expect(about('probe').map((group) => group.about)).toMatchObject([{ isRight: true }, { isRight: true }]);
  });

  it('is marked so that nobody takes it for verified', async () => {
    const { kept, play } = track({ calls: calls(1) });
    await play(mostly42(), verified(2));
    for (const group of kept) {
      expect(group).toMatchObject({
        track: 'pseudo',
        estimator: 'adpo',
        trainable: false,
        notTrainable: 'pseudo-label',
      });
      expect(group).not.toHaveProperty('role');
      expect(group.samples[0]).not.toHaveProperty('verdict');
    }
  });

  it('gives no label, and pays nothing, where too few agree or a cheap trick says the same', async () => {
    const { kept, play } = track({ calls: calls(1) });
    await play(outOf('1', '2', '3', '4', '5', '6', '7', '8'), verified(1));
    expect(kept.map(({ label, noLabel }) => [label, noLabel])).toEqual([
      [null, 'tie'],
      [null, 'tie'],
    ]);
    expect(kept.flatMap(({ samples }) => samples.map(({ reward }) => reward.total))).toEqual(
      Array(16).fill(0),
    );
    const trivial = track({ calls: [exampleUnanswered({ call: '(42,)' })] });
    await trivial.play(mostly42(), verified(1, { call: '(42,)', output: '7' }));
    expect(trivial.kept.map(({ noLabel }) => noLabel)).toEqual(['trivial', 'trivial']);
  });

  it('has no probe that was asked, held out, proposed, of another kind, or got by a trick', async () => {
    const { kept, play } = track({
      calls: calls(9),
      labels: [examplePseudoLabel({ about: { type: 'probe', taskId: 'task0', isRight: true } })],
    });
    const tasks = [
      ...verified(1),
      ...verified(1, { id: 'gate', split: 'gate' }),
      ...verified(1, { id: 'proposed', origin: 'proposed' }),
      ...verified(1, { id: 'easy', trivial: 'argument' }),
      exampleAbduction(),
    ];
    const endpoint = mostly42();
    expect(await play(endpoint, tasks)).toBeUndefined();
    // And without a probe nothing is asked.
    expect(endpoint.asked).toEqual([]);
    expect(kept).toEqual([]);
  });

  it('goes on without a question that is too long', async () => {
    const { kept, play, labels } = track({ calls: calls(1) });
    const endpoint = scriptedEndpoint(({ prompt }) => {
      if (prompt.includes('norm')) throw new ModelError('prompt-too-long', 'long');
      return '42\n';
    });
    await play(endpoint, verified(1));
    expect(kept.map(({ about }) => about.type)).toEqual(['probe']);
    expect(labels.isDue(1_000)).toBe(false);
  });

  it('rejects where the model cannot be asked, and is asked again', async () => {
    const { labels, play } = track({ calls: calls(1) });
    const broken = scriptedEndpoint(() => {
      throw new ModelError('unreachable', 'gone');
    });
    await expect(play(broken, verified(1))).rejects.toMatchObject({ reason: 'unreachable' });
    expect(labels.isDue(8)).toBe(true);
  });
});

describe('the track', () => {
  it('takes a batch after eight groups and then after each 24, while there is something to ask', async () => {
    const { labels, play } = track({ calls: calls(5) });
    expect([7, 8].map((groups) => labels.isDue(groups))).toEqual([false, true]);
    const playing = play(mostly42(), verified(9));
    expect(labels.isDue(9)).toBe(false);
    await playing;
    expect([31, 32].map((groups) => labels.isDue(groups))).toEqual([false, true]);
    await play(mostly42(), verified(9), 32);
    // All five were asked.
    expect(labels.isDue(1_000)).toBe(false);
    expect(batchGroups).toEqual({ first: 8, between: 24 });
    expect(track({ calls: calls(1), groups: 40 }).labels.isDue(55)).toBe(false);
    expect(track({ calls: calls(1), groups: 40 }).labels.isDue(56)).toBe(true);
    expect(track({}).labels.isDue(1_000)).toBe(false);
  });

  it('asks each call once of a version, and of three versions at most', () => {
    const asked = (...digests: readonly string[]) =>
      digests.map((digest) =>
        examplePseudoLabel({
          about: { type: 'unanswered', call: exampleUnanswered() },
          model: { name: 'm', digest },
        }),
      );
    const isAsked = (labels: PseudoLabel[]) =>
      track({ calls: [exampleUnanswered()], labels }).labels.isDue(8);
    expect(isAsked(asked(version))).toBe(false);
    expect(isAsked(asked('one', 'two'))).toBe(true);
    expect(isAsked(asked('one', 'one', 'two', 'two'))).toBe(true);
    expect(isAsked(asked('one', 'two', 'three'))).toBe(false);
  });

  it('stops with a finding where labels on verified tasks are too often wrong, for this version', async () => {
    const wrong = (digest: string) =>
      Array.from({ length: 7 }, (_, n) =>
        examplePseudoLabel({
          about: { type: 'probe', taskId: `before${n}`, isRight: false },
          model: { name: 'm', digest },
        }),
      );
    const { labels, play } = track({ calls: calls(9), labels: wrong(version) });
    expect(labels.isDue(8)).toBe(true);
    const found = await play(mostly42(), verified(9, { output: '43' }));
    expect(found).toMatchObject({
      monitor: 'label-accuracy',
      action: 'stop-pseudo-labels',
      measured: { count: 0, of: 9 },
      threshold: 0.63,
    });
    expect(labels.isDue(1_000)).toBe(false);
    const later = (digest: string) =>
      track({ calls: calls(9), labels: [...wrong(digest), ...wrong(digest)] });
    expect(later(version).labels.isDue(8)).toBe(false);
    expect(later('another').labels.isDue(8)).toBe(true);
  });
});
