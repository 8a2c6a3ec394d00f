import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { z } from 'zod';
import { ExportRequest, Rescored } from '../../protocol/trainer.ts';
import type { WeightsFile } from '../../server/src/training/publish/candidate.ts';
import type { Rescorer } from '../../server/src/training/publish/rescorer.ts';

/** The models whose weights the trainer made for the tests. */
export type TestModel = 'smollm2' | 'qwen2';

/** The trainer's weights before and after it trained. */
export type Weights = 'base' | 'tuned';

/** A process of the trainer's own code that made weights and tells of them (`trainer/tests/publishing.py`). */
export interface TrainerProcess {
  /** The base's GGUF file of each model. */
  readonly bases: Readonly<Record<TestModel, string>>;
  exported(model: TestModel, weights: Weights, form: ExportRequest): Promise<WeightsFile>;
  /** Log-probabilities of tokens behind a prompt, base and tuned; null for what is no token. */
  first(model: TestModel, prompt: string, tokens: readonly string[]): Promise<(number | null)[][]>;
  rescorer(model: TestModel, weights: Weights, type: ExportRequest['type']): Rescorer;
  close(): Promise<void>;
}

const Bases = z.object({ smollm2: z.string(), qwen2: z.string() });
const File = ExportRequest.extend({ path: z.string(), sha256: z.string() });
const Rows = z.array(z.array(z.number().nullable()));

export async function startTrainerProcess(python: string, smollm2: string): Promise<TrainerProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'autodidact-weights-'));
  const trainer = path.resolve(import.meta.dirname, '../../trainer');
  const child = spawn(python, ['tests/publishing.py', smollm2, folder], {
    cwd: trainer,
    env: { ...process.env, PYTHONPATH: trainer, HF_HUB_OFFLINE: '1', OMP_WAIT_POLICY: 'PASSIVE' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the trainer ended before it answered; what it said is above');
    return JSON.parse(value);
  };
  const ask = (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return next();
  };
  const bases = Bases.parse(await next());
  let asked = 0;
  const files = new Map<string, WeightsFile>();
  return {
    bases,
    exported: async (model, weights, form) => {
      const question = { ask: 'export', model, weights, ...form };
      const key = JSON.stringify(question);
      const file = files.get(key) ?? File.parse(await ask(question));
      files.set(key, file);
      return file;
    },
    first: async (model, prompt, tokens) => Rows.parse(await ask({ ask: 'first', model, prompt, tokens })),
    rescorer: (model, weights, type) => ({
      rescore: async (text) => {
        const groups = path.join(folder, `groups-${asked++}.ndjson`);
        await writeFile(groups, text);
        const found = await ask({ ask: 'rescore', model, weights, type, groups });
        return Rescored.optional().parse(found ?? undefined);
      },
    }),
    close: async () => {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
