import type { Execution, Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

/** What one sandbox does on this machine. Rates are a second, times milliseconds. */
export interface Figures {
  /** Programs, each apart from the others, one after another. */
  readonly isolated: number;
  /** Programs run twice in one image and once in each of the others. */
  readonly verified: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Small functions as people write them; none may drift, so none is run in the further images. */
const programs: readonly Execution[] = [
  [
    `def f(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
`,
    ['a', 'b', 'a', 'c', 'b', 'a'],
  ],
  [
    `def f(words):
    result = ''
    for word in words:
        result += word.upper() if len(result) % 2 else word
    return result[::-1]
`,
    ['alpha', 'beta', 'gamma'],
  ],
  [
    `from collections import defaultdict

def f(words):
    groups = defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return dict(groups)
`,
    ['one', 'three', 'two', 'four'],
  ],
].map(([program, words]) => ({
  program: program as string,
  entry: 'f',
  call: [
    {
      type: 'list',
      items: (words as string[]).map((value) => ({ type: 'str', value }) as const),
    } as const,
  ],
}));

const warmUpSeconds = 3;

/** Measures a sandbox for so many seconds per figure. It is to be alone on its machine. */
export async function measure(sandbox: Sandbox, seconds: number, signal: AbortSignal): Promise<Figures> {
  // Compilers and a spare image start with the first programs, and would be measured, too.
  await rate(warmUpSeconds, async (program) => right(await sandbox.run(program, signal)));
  const times: number[] = [];
  const isolated = await rate(seconds, async (program) => {
    const begun = performance.now();
    right(await sandbox.run(program, signal));
    times.push(performance.now() - begun);
  });
  // The other images start with the first verification.
  await rate(warmUpSeconds, async (program) => right(await sandbox.verify(program, signal)));
  const verified = await rate(seconds, async (program) => right(await sandbox.verify(program, signal)));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
  return { isolated, verified, medianMs: at(0.5), p99Ms: at(0.99) };
}

/** How long it takes from the end of an image, by a program that asks nobody, to the next result, milliseconds. */
export async function measureRecovery(sandbox: Sandbox, signal: AbortSignal): Promise<number> {
  const limits = { cpuMs: 100, wallMs: 200 };
  const endless = { program: 'def f():\n    return sum(range(10**12))\n', entry: 'f', call: [], limits };
  const [program = endless] = programs;
  // As many as it takes until a spare image is kept, and a while in which that starts.
  for (let count = 0; count < 40; count += 1) right(await sandbox.run(program, signal));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await sandbox.run(endless, signal);
  const begun = performance.now();
  right(await sandbox.run(program, signal));
  return performance.now() - begun;
}

function right({ outcome }: { readonly outcome: string }): void {
  if (outcome !== 'ok') throw new SandboxError('broken', `A program that works ended with ${outcome}.`);
}

async function rate(seconds: number, work: (program: Execution) => Promise<void>): Promise<number> {
  const begun = performance.now();
  let count = 0;
  for (;;) {
    for (const program of programs) await work(program);
    count += programs.length;
    const lasted = performance.now() - begun;
    if (lasted >= seconds * 1_000) return (count / lasted) * 1_000;
  }
}
