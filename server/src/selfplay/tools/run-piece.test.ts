import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { sessionResult } from '../../../../test/support/session-result.ts';
import type { Result } from '../../sandbox/sandbox.ts';
import { mostShown } from '../../sandbox/session/run-session.ts';
import { runPiece } from './run-piece.ts';

const { signal } = new AbortController();
const code = 'double(2)\n';

const ran = (result: Result, before: Parameters<typeof runPiece>[1] = []) =>
  runPiece(
    '',
    before,
    code,
    scriptedSandbox(() => result),
    signal,
  );
const showing = async (printed: string, raised: string | null = null) =>
  (await ran(sessionResult([[printed, raised]]))).text;

describe('a piece of code', () => {
  it('is shown as a session shows it, in whole lines', async () => {
    expect(await showing('4\n')).toBe('4\n');
    expect(await showing('')).toBe('');
    expect(await showing('a')).toBe('a\n');
    expect(await showing('a', 'ValueError: no')).toBe('a\nValueError: no\n');
  });

  it('that holds nothing but comments is not run', async () => {
    const sandbox = scriptedSandbox(() => sessionResult([['', null]]));
    expect(await runPiece('', [], '# Let me see.\n', sandbox, signal)).toEqual({
      outcome: 'blank',
      text: '',
    });
    expect(await runPiece('', [], '\n', sandbox, signal)).toEqual({ outcome: 'blank', text: '' });
    expect(sandbox.asked).toEqual([]);
  });

  it('that is too long is not run', async () => {
    const sandbox = scriptedSandbox(() => sessionResult([['', null]]));
    const long = await runPiece('', [], `x = ${'1'.repeat(3_000)}\n`, sandbox, signal);
    expect(long).toEqual({ outcome: 'refused', text: '# not run: this is too much code\n' });
    expect(sandbox.asked).toEqual([]);
  });

  it('runs behind those that ran before it, in one scope, as values and never as source', async () => {
    const sandbox = scriptedSandbox(() =>
      sessionResult([
        ['', null],
        ['4\n', null],
      ]),
    );
    const kept = [{ code: 'y = 2\n', shown: { printed: '', raised: null } }];
    await runPiece('def double(x): ...\n', kept, code, sandbox, signal);
    const [asked] = sandbox.asked;
    expect(asked?.program).not.toContain('double');
    expect(asked?.call).toMatchObject([
      { value: 'def double(x): ...\n' },
      { items: [{ value: 'y = 2\n' }, { value: code }] },
      { value: 300n },
    ]);
  });

  it.each<[Result, string]>([
    [{ outcome: 'limit', limit: 'cpu' }, 'limit'],
    [{ outcome: 'limit', limit: 'memory' }, 'limit'],
    [{ outcome: 'violation', what: 'socket' }, 'violation'],
    [{ outcome: 'crash', signal: 'SIGSEGV' }, 'crash'],
    [{ outcome: 'exception', type: 'KeyError' }, 'crash'],
    [{ outcome: 'unencodable', what: 'object' }, 'crash'],
    [{ outcome: 'refused', reason: 'bad-record' }, 'refused'],
    [{ outcome: 'ok', value: { type: 'none' } }, 'crash'],
    [sessionResult([]), 'crash'],
    [
      sessionResult([
        ['a', null],
        ['b', null],
      ]),
      'crash',
    ],
  ])('that ends so is told in one comment, and later ones run without it: %j', async (result, outcome) => {
    const piece = await ran(result);
    expect(piece).toEqual({ outcome, text: expect.stringMatching(/^# [^\n]+\n$/) });
  });

  it('is not shown where what ran before gives something else now, but for addresses', async () => {
    const before = [{ code: 'f\n', shown: { printed: '<function f at 0x7f0011223344>\n', raised: null } }];
    const now = (printed: string) =>
      ran(
        sessionResult([
          [printed, null],
          ['4\n', null],
        ]),
        before,
      );
    expect(await now('<function f at 0x7fffffff0000>\n')).toMatchObject({ outcome: 'ran', text: '4\n' });
    expect(await now('<function g at 0x7f0011223344>\n')).toMatchObject({ outcome: 'drifts' });
  });

  it('never shows more than a bound, nor what a server could change on its way', async () => {
    expect(await showing('a\tb\x1b[2J\0\u202e\ud800')).toBe('a\\tb\\x1b[2J\\x00\\u202e\\ud800\n');
    const unit = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\n', '>>> ', '\r\n'));
    const text = fc.array(unit, { maxLength: 700 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.option(text), async (printed, raised) => {
        const shown = await showing(printed, raised);
        expect(shown.length).toBeLessThanOrEqual(2 * (mostShown + '\n# and more\n'.length));
        expect(shown === '' || shown.endsWith('\n')).toBe(true);
        expect(shown.isWellFormed()).toBe(true);
        expect(JSON.parse(JSON.stringify(shown))).toBe(shown);
        expect(shown).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
    );
  });
});
