import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runProcess } from '../../../scripts/run-process.mjs';
import { isRunning } from '../../../scripts/running.mjs';

const node = (script: string) => [process.execPath, ['--eval', script]] as const;

describe('runProcess', () => {
  it('collects both streams and any exit code', async () => {
    const result = await runProcess(...node('console.log(1); console.error(2); process.exit(3)'));
    expect(result).toEqual({ code: 3, stdout: '1\n', stderr: '2\n' });
  });

  it('tells each line, those that a carriage return ends too', async () => {
    const lines: string[] = [];
    const script = 'process.stdout.write("10 %\\r20 %\\rdone\\nlast")';
    await runProcess(...node(script), { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['10 %', '20 %', 'done', 'last']);
  });

  it('gives 128 and more for a signal', async () => {
    expect((await runProcess(...node('process.kill(process.pid, "SIGKILL")'))).code).toBe(137);
  });

  it('gives the process its input, and none where there is none', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await runProcess(...node(echo), { input: 'in' })).stdout).toBe('in');
    expect((await runProcess(...node(echo))).stdout).toBe('');
  });

  it('rejects where there is no such program', async () => {
    await expect(runProcess('no-such-program', [])).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends the process and what it started when the signal fires', async () => {
    const script = `const child = require('node:child_process').spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)']);
      console.log(child.pid); setTimeout(() => {}, 60_000);`;
    const interrupt = new AbortController();
    let grandchild = 0;
    const running = runProcess(...node(script), {
      signal: interrupt.signal,
      onLine: (line) => {
        grandchild = Number(line);
        interrupt.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await wait(100);
    expect(grandchild).toBeGreaterThan(0);
    expect(isRunning(grandchild)).toBe(false);
  });
});
