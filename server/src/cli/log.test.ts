import { describe, expect, it } from 'vitest';
import { AuditLine } from '../../../protocol/audit.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { logCommand, sinceTime } from './log.ts';

describe('autodidact log', () => {
  it('tells what was executed, sent and decided, however much it is', async () => {
    const { store, args } = await openedStore();
    await store.audit({ what: 'consent', detail: { folder: '/w' } });
    for (let number = 0; number < 1_001; number += 1) {
      await store.audit({ what: 'streamed', detail: { target: 'http://t/', groups: [`g${number}`] } });
    }
    await store.audit({ what: 'run-ended', detail: { run: 'r', state: 'failed', reason: 'model-gone' } });
    const { error, out } = await runCommand(logCommand, args);
    expect(error).toBeUndefined();
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(2 * 1_003);
    expect(lines[1]).toBe('    decided: /w may be mined and played.');
    expect(lines[3]).toBe('    sent: 1 group to http://t/.');
    expect(lines.at(-1)).toBe('    executed: run r ended: failed (model-gone).');
    const json = (await runCommand(logCommand, [...args, '--json'])).out.trim().split('\n');
    expect(json.map((line) => AuditLine.parse(JSON.parse(line)).number)).toEqual(
      Array.from({ length: 1_003 }, (_, index) => index + 1),
    );
  });

  it('shows what a terminal would obey, on lines of 80 columns at most', async () => {
    const { store, args } = await openedStore();
    await store.audit({ what: 'consent', detail: { folder: `\u001b[2J\r${'x'.repeat(300)}` } });
    const { out } = await runCommand(logCommand, args);
    expect(out).toContain('‹U+001B›[2J‹U+000D›');
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says so where there is nothing, and what to do', async () => {
    const { args } = await openedStore();
    expect(await runCommand(logCommand, args)).toMatchObject({
      out: '',
      err: expect.stringContaining('Begin with: autodidact play FOLDER'),
    });
    expect((await runCommand(logCommand, [...args, '--since', 'noon'])).err).toContain('Give 90m, 2h');
  });
});

describe('the time of --since', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  it.each([
    ['90m', '2026-01-31T10:30:00.000Z'],
    ['2h', '2026-01-31T10:00:00.000Z'],
    ['3d', '2026-01-28T12:00:00.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T08:00Z', '2026-01-02T08:00:00.000Z'],
    ['2026-01-02T08:00+02:00', '2026-01-02T06:00:00.000Z'],
  ])('%s is %s', (text, time) => expect(sinceTime(text, now)).toBe(time));

  it.each(['', '1', 'noon', '2026-13-01', '-2h', '2y', '9999999d', '2026-01-02T'])('%s is none', (text) => {
    expect(() => sinceTime(text, now)).toThrow('Give 90m');
  });
});
