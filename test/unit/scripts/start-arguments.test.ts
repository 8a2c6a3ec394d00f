import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startArguments, valueOptions } from '../../../scripts/start-arguments.mjs';
import { playCommand } from '../../../server/src/cli/play.ts';

describe('startArguments', () => {
  it('finds no workspace among the values of options', () => {
    const found = startArguments(['--minutes', '3', '--model=m', '--offline', '--random-seed', '7']);
    expect(found).toMatchObject({ model: 'm', offline: true, keep: false, help: false });
    expect(found.workspace).toBeUndefined();
    expect(found.rest).toEqual(['--minutes', '3', '--model=m', '--offline', '--random-seed', '7']);
  });

  it('takes the workspace out wherever it stands, and leaves play the rest', () => {
    const found = startArguments(['--model', 'm', 'code', '--keep', 'more']);
    expect(found).toMatchObject({ workspace: 'code', model: 'm', keep: true });
    expect(found.rest).toEqual(['--model', 'm', '--keep', 'more']);
  });

  it('leaves an option without its value to play', () => {
    expect(startArguments(['--model']).rest).toEqual(['--model']);
  });

  it('knows each option of play that takes a value', () => {
    const sink = new Writable();
    const command = playCommand({
      stdin: Readable.from([]),
      stdout: sink,
      stderr: sink,
      cwd: '/',
      env: {},
      signal: AbortSignal.abort(),
    });
    const taking = command.options.filter(({ required }) => required).map(({ long }) => long);
    expect([...valueOptions].sort()).toEqual(taking.sort());
  });
});
