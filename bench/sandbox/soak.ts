import { execFileSync } from 'node:child_process';
import { canary, canarySays } from '../../server/src/redteam/canary.ts';
import { readAttacks, readSteady } from '../../server/src/redteam/corpora.ts';
import { told } from '../../server/src/redteam/told.ts';
import type { Execution, Sandbox } from '../../server/src/sandbox/sandbox.ts';

/** After so many programs the canary runs and memory is read. */
const stretch = 1_000;

/** Half of them leave what they can, which an image that kept any of it would show; the others compute. */
const programs: readonly Execution[] = [
  ...readAttacks()
    .filter(({ name }) => name.startsWith('contamination/'))
    .map(({ source, calls: [call] }) => ({ program: source, entry: 'f', call })),
  ...readSteady()
    .slice(0, 40)
    .map(({ source, entry, calls: [call = []] }) => ({ program: source, entry, call })),
];

/** Runs so many programs, and says how many canaries were wrong and how memory grew. */
export async function soak(sandbox: Sandbox, runs: number, signal: AbortSignal): Promise<string> {
  const memory: number[] = [];
  let wrong = 0;
  for (let count = 0; count < runs; count += 1) {
    const program = programs[count % programs.length];
    if (program !== undefined) await sandbox.run(program, signal);
    if (count % stretch !== stretch - 1) continue;
    if (told(await sandbox.run(canary, signal)) !== canarySays) wrong += 1;
    memory.push(memoryOfChildren());
  }
  const tenth = Math.max(1, Math.floor(memory.length / 10));
  const mean = (figures: readonly number[]) => figures.reduce((sum, one) => sum + one, 0) / figures.length;
  const [first, last] = [mean(memory.slice(0, tenth)), mean(memory.slice(-tenth))];
  const drift = ((last / first - 1) * 100).toFixed(1);
  const name = sandbox.backend.name;
  return `${name}: ${runs} programs, ${wrong} wrong canaries of ${memory.length}, memory of its processes ${first.toFixed(0)} → ${last.toFixed(0)} MB (${drift} %)`;
}

/** Resident memory of all processes below this one, MB. */
function memoryOfChildren(): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = new Set([process.pid]);
  let total = 0;
  for (const [pid = 0, parent = 0, rss = 0] of rows.sort(([a = 0], [b = 0]) => a - b)) {
    if (!below.has(parent)) continue;
    below.add(pid);
    total += rss / 1024;
  }
  return total;
}
