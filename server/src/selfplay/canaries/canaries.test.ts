import { beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '../../../../protocol/task.ts';
import {
  exampleAbduction,
  exampleDeduction,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { theJudges } from '../../judge/judges.ts';
import { readCheats } from '../../redteam/corpora.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { readOutput } from '../../values/literal-reader.ts';
import { choices } from '../choices.ts';
import { namedPreset } from '../presets/named-preset.ts';
import { solveTask } from '../solve.ts';
import { asCanary, Canaries, canaryGroups } from './canaries.ts';
import { canaryTask, randomBits } from './canary-task.ts';

const { signal } = new AbortController();
const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;
const origin = {
  schema: 1,
  runId: 'run',
  preset: 'autodidact',
  estimator: 'leave-one-out',
  model: { name: 'm', digest: 'd'.repeat(64) },
  backend,
} as const;

let audited: { what: string; detail: Readonly<Record<string, unknown>> }[] = [];
let prompts: string[] = [];
beforeEach(() => {
  audited = [];
  prompts = [];
});

const saying = (line: string) =>
  scriptedEndpoint(({ prompt }) => {
    prompts.push(prompt);
    return `${line}\n`;
  });

/** What real sandboxes find of the cheats is the red team's test. */
const sandbox = scriptedSandbox(() => ({ outcome: 'drifts' }));

const parts = (line: string) => ({
  endpoint: saying(line),
  sandbox,
  choices: choices(1),
  preset: namedPreset('autodidact'),
  now: () => '',
  store: {
    note: () => Promise.resolve(undefined),
    setNote: () => Promise.resolve(),
    audit: (event: (typeof audited)[number]) => {
      audited.push(event);
      return Promise.resolve();
    },
  },
});

const tasks: readonly Task[] = [exampleDeduction()];
const none = () => [];

describe('the gold of a canary', () => {
  it('is 64 bits, other ones each time, that the judge can read', () => {
    const golds = Array.from({ length: 50 }, () => randomBits());
    expect(new Set(golds).size).toBe(50);
    for (const gold of golds) {
      expect(gold).toMatch(/^'[0-9a-f]{16}'$/);
      expect(readOutput(gold).ok).toBe(true);
    }
  });

  it('stands in no prompt and in no program', () => {
    const made = [exampleDeduction(), exampleInduction()].map((task) =>
      canaryTask([task], backend, choices(1)),
    );
    for (const task of made) {
      if (task === undefined) throw new TypeError('No canary was made.');
      const golds = task.kind === 'deduction' ? [task.output] : task.hidden.map(([, output]) => output);
      for (const gold of golds) {
        expect(gold).toMatch(/^'[0-9a-f]{16}'$/);
        expect(kindSpec(task.kind).ask(task).prompt).not.toContain(gold.slice(1, -1));
        expect(task.program).not.toContain(gold.slice(1, -1));
      }
    }
  });

  it('makes none of an abduction, whose prompt shows its gold', () => {
    expect(canaryTask([exampleAbduction()], backend, choices(1))).toBeUndefined();
  });
});

describe('a canary', () => {
  it('is asked as the task that it is made of, and only the audit log keeps it', async () => {
    expect(await new Canaries(0, none).play(8, tasks, origin, parts('42'), signal)).toBeUndefined();
    expect(new Set(prompts)).toEqual(new Set([kindSpec('deduction').ask(exampleDeduction()).prompt]));
    expect(prompts).toHaveLength(8);
    expect(sandbox.asked).toEqual([]);
    expect(audited.map(({ what }) => what)).toEqual(['replayed', 'canary']);
    expect(audited[1]?.detail).toMatchObject({ runId: 'run', trainable: false, notTrainable: 'canary' });
    const wrong = { verdict: { verdict: 'wrong', reason: 'different' } };
    expect(audited[1]?.detail).toMatchObject({ samples: Array(8).fill(wrong) });
  });

  it('ends the run where its bits leaked', async () => {
    const leaked = { ...parts("'0123456789abcdef'"), randomBits: () => "'0123456789abcdef'" };
    expect(await new Canaries(0, none).play(8, tasks, origin, leaked, signal)).toMatchObject({
      monitor: 'canary-solved',
      action: 'stop',
      measured: { count: 8, of: 8 },
    });
  });

  it('comes after eight groups and then after each 32, resumed or not', () => {
    const due = (before: number) => {
      const canaries = new Canaries(before, none);
      return [7, 8, 39, 40, 72].filter((groups) => groups >= before && canaries.isDue(groups));
    };
    expect(canaryGroups).toEqual({ first: 8, between: 32 });
    expect(due(0)).toEqual([8, 39, 40, 72]);
    expect(due(9)).toEqual([40, 72]);
    expect(due(41)).toEqual([72]);
  });

  it('is not due again while one is being played beside other groups', async () => {
    const canaries = new Canaries(0, none);
    const playing = canaries.play(8, tasks, origin, parts('42'), signal);
    expect(canaries.isDue(9)).toBe(false);
    await playing;
    expect(canaries.isDue(39)).toBe(false);
    expect(canaries.isDue(40)).toBe(true);
  });

  it('is never trainable', async () => {
    const group = await solveTask(exampleDeduction(), origin, parts('42'), signal);
    expect(group.trainable).toBe(true);
    expect(asCanary(group)).toMatchObject({ trainable: false, notTrainable: 'canary' });
  });
});

describe('known cheats', () => {
  it('are replayed in turn, all of them, and none is paid', async () => {
    const canaries = new Canaries(0);
    const all = readCheats().map(({ name }) => name);
    for (let turn = 0; turn * 6 < all.length; turn += 1) {
      expect(await canaries.play(8, [], origin, parts(''), signal)).toBeUndefined();
    }
    const replayed = audited.flatMap(({ detail }) => detail['cheats'] as string[]);
    expect(new Set(replayed)).toEqual(new Set(all));
  });

  it('end the run where the judge pays one', async () => {
    const judges = {
      ...theJudges,
      record: () => Promise.resolve({ verdict: { verdict: 'right' }, relation: 'sameValue' } as const),
    };
    const found = await new Canaries(0).play(8, tasks, origin, { ...parts(''), judges }, signal);
    expect(found).toMatchObject({ monitor: 'canary-solved', action: 'stop' });
    expect(found?.detail).toContain(readCheats()[0]?.name);
    const name = readCheats()[0]?.name;
    expect(audited).toEqual([{ what: 'replayed', detail: { runId: 'run', cheats: [name], paid: name } }]);
  });
});
