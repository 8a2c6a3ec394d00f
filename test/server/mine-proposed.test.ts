import { expect, it, onTestFinished } from 'vitest';
import { mineFolder } from '../../protocol/messages.ts';
import { startFakeOllama } from '../fake-ollama/fake-ollama.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { folderUri, openServer } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const python =
  'def shout(word):\n    """\n    >>> shout(\'ab\')\n    \'AB!\'\n    """\n    return word.upper() + \'!\'\n';
const mining = { sources: ['doctest', 'model'], split: 'none' };
const { parts } = useSandbox();

/** Mines a folder with these settings, and gives what came of it and what was said. */
async function mined(settings: Readonly<Record<string, unknown>>, host: string) {
  const folder = await temporaryFolder({ 'words.py': python });
  const env = { OLLAMA_HOST: host };
  const client = await openServer({
    folders: [folder],
    settings: { mining, ...settings },
    env,
    parts,
  });
  const result = await client.ask(mineFolder, { folder: folderUri(folder) });
  return { result, shown: client.shown };
}

it('asks the chosen model where that source is set', async () => {
  const fake = await startFakeOllama({
    models: [{ name: 'm:latest' }],
    complete: ({ randomSeed }) => `'word ${randomSeed % 2}')\n`,
  });
  onTestFinished(() => fake.close());
  const { result, shown } = await mined({ model: { name: 'm' } }, fake.host);
  expect(result).toMatchObject({ outcome: 'mined', seeds: 3 });
  expect(shown).toEqual([]);
});

it('says once what is missing, and mines the rest', async () => {
  const unchosen = await mined({}, 'http://127.0.0.1:9');
  expect(unchosen.result).toMatchObject({ outcome: 'mined', seeds: 1 });
  expect(unchosen.shown).toEqual([expect.stringContaining('Autodidact: Choose Model')]);
  const unreachable = await mined({ model: { name: 'm' } }, 'http://127.0.0.1:9');
  expect(unreachable.result).toMatchObject({ outcome: 'mined', seeds: 1 });
  expect(unreachable.shown).toEqual([expect.stringContaining('No Ollama can be used')]);
});
