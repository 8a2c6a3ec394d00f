import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Panel } from '../../../protocol/panel.ts';
import type { Task } from '../../../protocol/task.ts';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeModel, FakeQuestion } from '../../../test/fake-ollama/script.ts';
import { exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import { storePath } from '../store/store-path.ts';
import { panelCommand } from './panel.ts';

const llama = { name: 'big:latest', family: 'llama' };
const qwen = { name: 'small:latest', family: 'qwen2' };
const embedding = { name: 'embed:latest', family: 'bert', capabilities: ['embedding'] };

/** Says that the text with most letters is the better one. */
function longer({ prompt }: FakeQuestion): string {
  const nonce = /<answer-([0-9a-f]{8})>/.exec(prompt)?.[1];
  const [first = '', second = ''] = ['first', 'second'].map(
    (name) => new RegExp(`<${name}-\\w{8}>\\n([\\s\\S]*?)\\n</${name}-`).exec(prompt)?.[1] ?? '',
  );
  return `<answer-${nonce}>${first.length > second.length ? 'first' : 'second'}</answer-${nonce}>`;
}

const programs = Array.from({ length: 4 }, (_, n) =>
  exampleDeduction({
    id: `task${n}`,
    origin: 'proposed',
    program: `def f(x):\n    return x${' + 1'.repeat(n)}\n`,
    entry: 'f',
  }),
);

async function panel(
  args: readonly string[],
  models: readonly FakeModel[],
  tasks: readonly Task[] = programs,
) {
  const fake = await startFakeOllama({ models, complete: longer });
  onTestFinished(() => fake.close());
  const [folder, storeFolder, cache] = [
    await temporaryFolder(),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  const at = await storePath(folder, { env: {}, storeFolder });
  const before = await openStore({ path: at });
  await before.putTasks(tasks);
  await before.close();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const env = { OLLAMA_HOST: fake.host, AUTODIDACT_CACHE: cache, PATH: '' };
  const context = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    cwd: folder,
    env,
    signal: new AbortController().signal,
  };
  const error: unknown = await panelCommand(context)
    .exitOverride()
    .configureOutput({ writeErr: (said) => stderr.write(said) })
    .parseAsync([folder, '--store', storeFolder, '--random-seed', '1', ...args], { from: 'user' })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  stdout.end();
  stderr.end();
  const after = await openStore({ path: at });
  onTestFinished(() => after.close());
  return { error, out: await out, err: await err, folder, store: after, requests: fake.requests };
}

describe('autodidact panel', () => {
  it('asks one model of each family, prints what they think and how far to trust it, and keeps nothing', async () => {
    const { error, out, folder, store } = await panel(
      ['--json', 'panel.json'],
      [llama, qwen, { ...llama, name: 'other:latest' }, embedding],
    );
    expect(error).toBeUndefined();
    expect(out).toContain('2 pairs of programs, each asked in both orders');
    expect(out).toMatch(/big:latest +│ llama +│ +2 of 2/);
    expect(out).toMatch(/small:latest +│ qwen2/);
    expect(out).not.toContain('other:latest');
    expect(out).not.toContain('embed:latest');
    expect(out).toContain('big:latest and small:latest: agree on 2 of 2');
    const told = Panel.parse(JSON.parse(await readFile(path.join(folder, 'panel.json'), 'utf8')));
    for (const { a, b, votes } of told.pairs) {
      expect(votes).toEqual(Array(2).fill(a.text.length > b.text.length ? 'a' : 'b'));
    }
    expect(await store.tasks()).toEqual(programs);
    expect(await store.auditLog({ limit: 9 })).toEqual([]);
    expect(await store.counts()).toMatchObject({ groups: 0, samples: 0, outgoing: 0 });
  });

  it('compares messages about one program', async () => {
    const message = (id: string, words: string) =>
      exampleInduction({ id, origin: 'proposed', message: words });
    const tasks = [message('1', 'Doubles it.'), message('2', 'Gives twice the number that it is given.')];
    const { out } = await panel(['--about', 'messages'], [llama, qwen], tasks);
    expect(out).toContain('Gives twice the number that it is given.');
    expect(out).toMatch(/1 0 : 2 2|2 2 : 0 1/);
  });

  it.each([
    [
      'one family',
      [llama, { ...llama, name: 'other:latest' }],
      [],
      'here is llama only. Pull one of another: ollama pull gemma3:4b',
    ],
    ['no model', [], [], 'here is none. Pull one'],
    [
      'an absent member',
      [llama, qwen],
      ['--member', 'big', '--member', 'gone'],
      'Ollama has no model gone. Pull it: ollama pull gone',
    ],
    [
      'two members of one family',
      [llama, { ...llama, name: 'other:latest' }],
      ['--member', 'big', '--member', 'other'],
      'are both of the family llama',
    ],
    ['one member', [llama, qwen], ['--member', 'big'], 'Name two or three models'],
    [
      'four members',
      [llama, qwen],
      ['big', 'small', 'c', 'd'].flatMap((name) => ['--member', name]),
      'Name two or three models',
    ],
    [
      'a member that writes nothing',
      [llama, embedding],
      ['--member', 'big', '--member', 'embed'],
      'embed:latest cannot complete text',
    ],
  ])('says what is missing and one thing to do: %s', async (_, models, args, message) => {
    const { error, out } = await panel(args, models);
    expect(error).toMatchObject({ reason: 'missing', message: expect.stringContaining(message) });
    expect(out).toBe('');
  });

  it('asks nobody where there is nothing to compare, or the count is none', async () => {
    const { error, requests } = await panel([], [llama, qwen], programs.slice(1, 2));
    expect(error).toMatchObject({ reason: 'missing', message: expect.stringContaining('no two programs') });
    expect(requests).toEqual([]);
    for (const count of ['0', '-1', 'many', '1000'])
      expect((await panel(['--pairs', count], [llama, qwen])).error).toMatchObject({
        code: 'commander.invalidArgument',
      });
  });
});
