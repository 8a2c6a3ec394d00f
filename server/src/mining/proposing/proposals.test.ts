import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readCall } from '../../values/literal-reader.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { CallProposer, ProposedCall } from './call-proposer.ts';
import { Proposals } from './proposals.ts';

const { signal } = new AbortController();
const none: ReadonlySet<string> = new Set();

function subject(entry: string) {
  return { program: `def ${entry}(x):\n    return x\n`, entry, pairs: [] };
}

function call(text: string): ProposedCall {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(text);
  return { outcome: 'call', call: read.value };
}

/** A model that gives these answers in turn, the last one again and again; remembers what it was asked. */
function answering(
  answers: readonly (ProposedCall | 'hangs')[],
  changed: Partial<CallProposer> = {},
): CallProposer & { readonly asked: { readonly entry: string; readonly randomSeed: number }[] } {
  const asked: { entry: string; randomSeed: number }[] = [];
  return {
    asked,
    name: 'm',
    open: () => Promise.resolve({ ok: true, digest: 'd' }),
    async propose({ entry }, randomSeed, stop) {
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? 'hangs';
      asked.push({ entry, randomSeed });
      if (answer === 'hangs') await wait(60_000, undefined, { signal: stop });
      return answer === 'hangs' ? { outcome: 'malformed' } : answer;
    },
    ...changed,
  };
}

describe('proposed calls', () => {
  it('are those that are new, until there are enough, with other random seeds each', async () => {
    const model = answering([
      call('(1,)'),
      { outcome: 'malformed' },
      call('(1,)'),
      call('(2,)'),
      call("('a',)"),
      call('(4,)'),
    ]);
    const answers = await new Proposals(model).of(subject('f'), 2, new Set(['(2,)']), signal);
    expect(answers?.calls.map(writeCall)).toEqual(['(1,)', "('a',)"]);
    expect(answers).toMatchObject({ model: 'd', answers: 5, wellFormed: 4 });
    expect(new Set(model.asked.map(({ randomSeed }) => randomSeed)).size).toBe(5);
    const again = answering([call('(1,)'), call('(2,)')]);
    await new Proposals(again).of(subject('f'), 2, none, signal);
    expect(again.asked).toEqual(model.asked.slice(0, 2));
  });

  it('are given up where the model writes nothing else than rubbish, of that unit alone', async () => {
    const model = answering([{ outcome: 'malformed' }]);
    const proposals = new Proposals(model, { hopeless: 3 });
    expect(await proposals.of(subject('f'), 8, none, signal)).toMatchObject({ calls: [], answers: 3 });
    expect(await proposals.of(subject('g'), 8, none, signal)).toMatchObject({ calls: [], answers: 3 });
    expect(proposals.takeEnd()).toBeUndefined();
  });

  it('are bounded for a unit where the model has one thing to say', async () => {
    const model = answering([call('(1,)')]);
    const answers = await new Proposals(model, { answers: 5 }).of(subject('f'), 8, none, signal);
    expect(answers).toMatchObject({ answers: 5, wellFormed: 5 });
    expect(answers?.calls).toHaveLength(1);
  });

  it('pass over a program that is too long for the model', async () => {
    const proposals = new Proposals(answering([{ outcome: 'too-long' }, call('(1,)')]));
    expect(await proposals.of(subject('f'), 1, none, signal)).toMatchObject({ calls: [], answers: 0 });
    expect((await proposals.of(subject('g'), 1, none, signal))?.calls).toHaveLength(1);
  });

  it('end with the first failure: what came before is kept, it is told once, and nothing is asked after it', async () => {
    const model = answering([call('(1,)'), { outcome: 'failed', detail: 'It broke. Start it.' }]);
    const proposals = new Proposals(model);
    expect((await proposals.of(subject('f'), 8, none, signal))?.calls.map(writeCall)).toEqual(['(1,)']);
    expect(await proposals.of(subject('g'), 8, none, signal)).toBeUndefined();
    const told = { loss: 'not-asked', detail: 'It broke. Start it.' };
    expect([proposals.takeEnd(), proposals.takeEnd()]).toEqual([told, undefined]);
    expect(model.asked).toHaveLength(2);
  });

  it('are not asked for where the model cannot be opened', async () => {
    let opened = 0;
    const model = answering([call('(1,)')], {
      open: () => {
        opened += 1;
        return Promise.resolve({ ok: false, detail: 'Not there. Get it.' });
      },
    });
    const proposals = new Proposals(model);
    const both = await Promise.all(['f', 'g'].map((entry) => proposals.of(subject(entry), 8, none, signal)));
    expect(both).toEqual([undefined, undefined]);
    expect([opened, model.asked.length, proposals.takeEnd()?.detail]).toEqual([1, 0, 'Not there. Get it.']);
  });

  it('end where the model gives nothing within a unit’s time', async () => {
    const proposals = new Proposals(answering(['hangs']), { unitMs: 50 });
    expect(await proposals.of(subject('f'), 8, none, signal)).toMatchObject({ calls: [], answers: 0 });
    expect(proposals.takeEnd()).toEqual({
      loss: 'not-asked',
      detail: expect.stringContaining('m gave no call within 0.05 s. Use a smaller model'),
    });
    expect(await proposals.of(subject('g'), 8, none, signal)).toBeUndefined();
  });

  it('of a unit end where its time does, and the next one is asked about', async () => {
    const model = answering([call('(1,)'), 'hangs', call('(2,)')]);
    const proposals = new Proposals(model, { unitMs: 100 });
    expect((await proposals.of(subject('f'), 2, none, signal))?.calls.map(writeCall)).toEqual(['(1,)']);
    expect((await proposals.of(subject('g'), 1, none, signal))?.calls.map(writeCall)).toEqual(['(2,)']);
    expect(proposals.takeEnd()).toBeUndefined();
  });

  it('end where the time for all of them does, which is told once', async () => {
    const model = answering(['hangs']);
    const late = new Proposals(model, { totalMs: 50 });
    expect(await late.of(subject('f'), 1, none, signal)).toMatchObject({ calls: [] });
    expect(await late.of(subject('g'), 1, none, signal)).toBeUndefined();
    expect(late.takeEnd()).toMatchObject({ loss: 'asking-over' });
    expect(model.asked).toHaveLength(1);
  });

  it('are asked for of one unit at a time', async () => {
    let now = 0;
    let most = 0;
    let opened = 0;
    const model = answering([call('(1,)')], {
      open: () => {
        opened += 1;
        return Promise.resolve({ ok: true, digest: 'd' });
      },
      propose: async () => {
        now += 1;
        most = Math.max(most, now);
        await wait(5);
        now -= 1;
        return call('(1,)');
      },
    });
    const proposals = new Proposals(model);
    const all = await Promise.all(
      ['f', 'g', 'h'].map((entry) => proposals.of(subject(entry), 1, none, signal)),
    );
    expect(all.map((answers) => answers?.calls.length)).toEqual([1, 1, 1]);
    expect([most, opened]).toEqual([1, 1]);
  });

  it('end at once with the signal, also for units that wait for their turn', async () => {
    const abort = new AbortController();
    const model = answering(['hangs']);
    const proposals = new Proposals(model);
    const both = ['f', 'g'].map((entry) => proposals.of(subject(entry), 8, none, abort.signal));
    setTimeout(() => abort.abort(), 30);
    const begun = performance.now();
    for (const end of await Promise.allSettled(both)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    }
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(model.asked).toHaveLength(1);
  });
});
