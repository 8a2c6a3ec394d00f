import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

let folder = '';
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-lease-'));
  store = await openStore({ path: path.join(folder, 'store.db') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Another process that takes the lease and holds it. */
async function otherPlayer(): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const script = path.join(folder, 'player.ts');
  await writeFile(
    script,
    `import { openStore } from ${JSON.stringify(path.join(import.meta.dirname, 'open-store.ts'))};
     const store = await openStore({ path: process.argv[2] });
     await store.takeLease({ takeOver: false });
     process.stdout.write('held');
     setInterval(async () => { if (!(await store.renewLease())) process.exit(7); }, 100);`,
  );
  const child = spawn(process.execPath, [script, store.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid ?? -1,
    kill: () => {
      child.kill('SIGKILL');
      return closed;
    },
  };
}

describe('the lease', () => {
  it('is free at first, and its own holder may take it again', async () => {
    expect(await store.takeLease({ takeOver: false })).toEqual({ held: true });
    expect(await store.takeLease({ takeOver: false })).toEqual({ held: true });
    expect(await store.renewLease()).toBe(true);
    await store.releaseLease();
    expect(await store.renewLease()).toBe(false);
  });

  it('says who plays, and is free at once when that process was killed', async () => {
    const player = await otherPlayer();
    expect(await store.takeLease({ takeOver: false })).toMatchObject({
      held: false,
      by: { pid: player.pid },
    });
    await player.kill();
    expect(await store.takeLease({ takeOver: false })).toEqual({ held: true });
  });

  it('can be taken over, which the former player learns', async () => {
    const player = await otherPlayer();
    expect(await store.takeLease({ takeOver: true })).toEqual({ held: true });
    expect(await store.renewLease()).toBe(true);
    await player.kill();
  });
});
