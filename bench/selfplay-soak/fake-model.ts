import type { Endpoint } from '../../server/src/model/endpoint.ts';
import { type Choices, choices } from '../../server/src/selfplay/choices.ts';
import { callText } from '../../server/src/tasks/session.ts';
import { given } from './fake-python.ts';

/** A model that proposes new calls, functions and messages without end, and solves what it does more or less often by the function's name. */
export function fakeModel(randomSeed: number): Endpoint {
  const chance = choices(randomSeed);
  const info = { name: 'm:latest', digest: 'd'.repeat(64), family: 'f', contextLength: 4096 };
  return {
    host: 'http://127.0.0.1:1',
    probe: () => Promise.resolve({ state: 'ready', version: '', host: '' }),
    model: () => Promise.resolve(info),
    models: () => Promise.resolve([info]),
    render: () => Promise.resolve(''),
    sample: ({ prompt }) => {
      const text = answer(prompt, chance);
      return Promise.resolve({
        text,
        tokens: text
          .split(/(?<=\s)/)
          .map((token) => ({ bytes: Buffer.from(token).toString('base64'), logprob: -1 })),
        finish: 'delimiter',
        promptCut: false,
        promptTokens: 200,
        completionTokens: 8,
        promptMs: 1,
        completionMs: 1,
        wallMs: 2,
      });
    },
  };
}

function answer(prompt: string, chance: Choices): string {
  const number = chance.randomSeed() % 100_000;
  const line = prompt.slice(prompt.lastIndexOf('\n', prompt.length - 2) + 1);
  if (line === '>>> def') {
    const composed = /# a function that calls (.*)\n>>> def$/.exec(prompt)?.[1]?.split(' and ') ?? [];
    const body = [...composed.map((entry) => `${entry}(x)`), `x + ${number}`].join(', ');
    return ` made_${number}(x):\n...     return [${body}]\n...\n>>> made_${number}(${number % 999})\n`;
  }
  const variant = /^>>> def (\w+)\($/.exec(line)?.[1];
  if (variant !== undefined) return `x):\n...     return x + ${number}\n...\n>>> ${variant}(${number})\n`;
  if (line.endsWith('in one sentence:')) return ` Gives numbers of kind ${number} for what it gets.\n`;
  if (line.endsWith('(')) return `${number})\n`;
  const [, entry = '', args = ''] = /^>>> (\w+)\((.*)\)\n$/.exec(line) ?? [];
  const gold = given(entry, callText(args));
  const solved = given(entry, 'skill')[0] / 900;
  return number / 100_000 < solved * 1.2 - 0.1 ? `[${gold.join(', ')}]\n` : `[${number}]\n`;
}
