import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Evaluation } from '../../protocol/evaluation.ts';
import { passAtK } from '../../server/src/evaluation/pass-at-k.ts';
import { autodidact, ended, startAutodidact } from './run-autodidact.ts';

const set = path.resolve(import.meta.dirname, '../../bench/data/cruxeval-a.jsonl');
const model = 'smollm2:135m';

describe('the real model on CRUXEval', () => {
  let data = '';
  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-eval-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  it('is measured, and every figure can be computed again from the lines', async () => {
    const json = path.join(data, 'evaluation.json');
    const args = ['eval', data, '--on', set, '--model', model, '--k', '2', '--tasks', '4', '--json', json];
    const { code, stdout, stderr } = await autodidact(args, data);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`${set}:77 gives no task: input`);
    const { tasks, models, planned, partial, leftOut } = Evaluation.parse(
      JSON.parse(await readFile(json, 'utf8')),
    );
    expect({ planned, partial, leftOut }).toEqual({ planned: 4, partial: false, leftOut: [] });
    expect(tasks).toHaveLength(4);
    const isRight = ({ verdict }: { verdict: { verdict: string } }) => verdict.verdict === 'right';
    const rights = tasks.map(({ samples }) => samples.filter(isRight).length);
    const mean = (numbers: readonly number[]) =>
      numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    const all = models[0]?.figures[0];
    expect(all?.greedy.right?.value).toBeCloseTo(mean(tasks.map(({ greedy }) => Number(isRight(greedy)))), 9);
    expect(all?.passAtK[1]?.value).toBeCloseTo(mean(rights.map((right) => passAtK(2, right, 2))), 9);
    for (const { prompt, relation, samples } of tasks) {
      expect(prompt.length).toBeGreaterThan(100);
      expect(relation).toBe('pyEqual');
      expect(new Set(samples.map(({ randomSeed }) => randomSeed)).size).toBe(2);
    }
    expect(stdout).toContain('pass@2');
  }, 300_000);

  it('stops within a second on Ctrl-C and tells what was done so far', async () => {
    const child = startAutodidact(
      ['eval', data, '--on', set, '--model', model, '--tasks', '40', '--k', '0'],
      data,
    );
    const printed = ended(child);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (said: Buffer) => {
        if (said.includes('Asking')) resolve();
      });
      child.once('close', () => resolve());
    });
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, stdout } = await printed;
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(code).toBe(130);
    expect(stdout).toMatch(/Partial: stopped after \d+ of 40 tasks/);
  }, 300_000);
});

it('a gate that holds nothing is named, with one thing to do', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-eval-'));
  const { code, stderr } = await autodidact(['eval', data], data);
  await rm(data, { recursive: true, force: true });
  expect(code).toBe(3);
  expect(stderr).toContain('Mine the folder first');
}, 60_000);
