import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Token, ToolCall } from '../../../../protocol/group.ts';
import { characterEndpoint } from '../../../../test/support/character-endpoint.ts';
import { exampleAbduction, exampleInduction } from '../../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { sessionResult } from '../../../../test/support/session-result.ts';
import type { Endpoint, SampleRequest } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import { Preempted } from '../../model/priority-gate.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { defaultStyle } from '../../tasks/styles/style.ts';
import { askWithTool, mostPieces } from '../../tasks/tools/ask-with-tool.ts';
import { nextRandomSeed } from '../draw-sample.ts';
import { drawGroup, onPolicy } from '../sampling.ts';
import { Pool } from '../scheduling/pool.ts';
import { attemptAnswer } from './attempt-answer.ts';
import { drawTurns } from './draw-turns.ts';

const { signal } = new AbortController();
const model = 'm';
const ask = (task: Parameters<typeof askWithTool>[0]) => {
  const asked = askWithTool(task, defaultStyle);
  if (asked === undefined) throw new TypeError('It is not asked with a tool.');
  return asked;
};
const abduction = ask(exampleAbduction());

/** Shows each piece as its number and its code in capitals. */
const capitals = () =>
  scriptedSandbox(({ call: [, pieces] }) => {
    const items = pieces?.type === 'list' ? pieces.items : [];
    return sessionResult(
      items.map((item, index) => [`${index}:${item.type === 'str' ? item.value.toUpperCase() : ''}`, null]),
    );
  });

/** Draws an attempt by a model that says these texts, one after another. */
async function attempt(
  said: readonly string[],
  {
    question = abduction,
    sandbox = capitals(),
    numPredict = question.numPredict,
    sample,
  }: {
    question?: typeof abduction;
    sandbox?: ReturnType<typeof capitals>;
    numPredict?: number;
    sample?: (request: SampleRequest, turn: number) => void;
  } = {},
) {
  let turn = 0;
  const model = characterEndpoint((request) => {
    sample?.(request, turn);
    turn += 1;
    return said[turn - 1] ?? '';
  });
  const drawn = await drawTurns(
    model,
    { ...question, model: 'm', sampling: onPolicy(numPredict), randomSeed: 7 },
    { session: question.tool, sandbox },
    signal,
  );
  const calls = drawn.turns?.calls ?? [];
  return {
    drawn,
    calls,
    sample: drawn.sample,
    asked: model.asked,
    sandbox,
    answer: attemptAnswer({ ...question, toolUse: { session: question.tool, sandbox } }, drawn),
  };
}

/** What a trainer makes of a record: the text from its bytes, and which of them the model wrote. */
function rebuilt(prompt: string, tokens: readonly Token[], tool: readonly ToolCall[]) {
  const parts: { text: string; isModels: boolean }[] = [{ text: prompt, isModels: false }];
  let from = 0;
  for (const { at, text } of tool) {
    for (const token of tokens.slice(from, at)) parts.push({ text: bytesOf(token), isModels: true });
    parts.push({ text, isModels: false });
    from = at;
  }
  for (const token of tokens.slice(from)) parts.push({ text: bytesOf(token), isModels: true });
  return {
    text: parts.map(({ text }) => text).join(''),
    models: parts.flatMap(({ text, isModels }) => (isModels ? text : [])).join(''),
  };
}
const bytesOf = ({ bytes }: Token) => Buffer.from(bytes, 'base64').toString();

describe('an attempt that may run Python', () => {
  it('may answer at once', async () => {
    const { answer, calls, sample, sandbox, drawn } = await attempt([' arguments = (21)\nand more']);
    expect(answer).toBe('(21,)');
    expect(calls).toEqual([]);
    expect(sample).toMatchObject({ text: ' arguments = (21)\n', finish: 'delimiter' });
    expect(drawn.randomSeed).toBe(7);
    expect(sandbox.asked).toEqual([]);
  });

  it('runs what it writes, gets shown what came of it, and goes on', async () => {
    const { answer, calls, sample, asked } = await attempt([
      ' double(2)\n',
      ' y = 21\n',
      ' arguments = (21)\n',
    ]);
    expect(answer).toBe('(21,)');
    expect(asked.map(({ prompt }) => prompt.slice(abduction.prompt.length))).toEqual([
      '',
      ' double(2)\n0:DOUBLE(2)\n>>>',
      ' double(2)\n0:DOUBLE(2)\n>>> y = 21\n1:Y = 21\n>>>',
    ]);
    expect(sample).toMatchObject({ text: ' double(2)\n y = 21\n arguments = (21)\n', finish: 'delimiter' });
    expect(sample.completionTokens).toBe(sample.text.length);
    expect(sample.promptTokens).toBe(abduction.prompt.length);
    expect(calls).toMatchObject([
      {
        at: 11,
        textAt: 11,
        code: 'double(2)\n',
        outcome: 'ran',
        text: '0:DOUBLE(2)\n>>>',
        promptTokens: asked[1]?.prompt.length,
      },
      {
        at: 19,
        textAt: 19,
        code: 'y = 21\n',
        outcome: 'ran',
        text: '1:Y = 21\n>>>',
        promptTokens: asked[2]?.prompt.length,
      },
    ]);
  });

  it('is asked each turn with a random seed that follows from the one before, and stands in the record', async () => {
    const { calls, asked } = await attempt([' a\n', ' b\n', ' arguments = (1)\n']);
    const second = nextRandomSeed(7);
    expect(asked.map(({ randomSeed }) => randomSeed)).toEqual([7, second, nextRandomSeed(second)]);
    expect(calls.map(({ randomSeed }) => randomSeed)).toEqual(
      asked.slice(1).map(({ randomSeed }) => randomSeed),
    );
  });

  it('is given the beginning of its answer behind the fourth piece', async () => {
    const { answer, calls, asked } = await attempt([' a\n', ' b\n', '\n', ' # no more\n', '4, 5)\n']);
    expect(answer).toBe('(4, 5,)');
    expect(calls).toHaveLength(mostPieces);
    expect(calls.map(({ outcome }) => outcome)).toEqual(['ran', 'ran', 'blank', 'blank']);
    expect(asked.at(-1)?.prompt.endsWith(' # no more\n>>> arguments = (')).toBe(true);
  });

  it('takes no more tokens than it may, over all turns, and is given the beginning of its answer in time', async () => {
    const long = ` "${'a'.repeat(100)}"\n`;
    const { answer, asked, sample, calls } = await attempt([long, long, '1)\n']);
    expect(asked.map(({ sampling }) => sampling.numPredict)).toEqual([192, 192 - long.length]);
    expect(calls).toHaveLength(1);
    // The second piece is longer than what was left.
    expect(sample).toMatchObject({ finish: 'length', completionTokens: 192 });
    expect(answer).toBeNull();
    const short = ` "${'a'.repeat(124)}"\n`;
    expect(await attempt([short, '1)\n'])).toMatchObject({
      answer: '(1,)',
      calls: [{ text: expect.stringMatching(/>>> arguments = \($/) }],
    });
  });

  it('runs nothing that is cut, and nothing behind the last token', async () => {
    for (const numPredict of [4, ' double(2)\n'.length]) {
      const { answer, calls, sample, sandbox } = await attempt([' double(2)\n', ' arguments = (1)\n'], {
        numPredict,
      });
      expect({ answer, calls, finish: sample.finish }).toEqual({ answer: null, calls: [], finish: 'length' });
      expect(sample.text.length).toBe(numPredict);
      expect(sandbox.asked).toEqual([]);
    }
    expect(await attempt([' double(2)'])).toMatchObject({
      answer: null,
      calls: [],
      sample: { finish: 'end' },
    });
  });

  it('is cut where what was shown makes the text too long for the model', async () => {
    const sample = (_: SampleRequest, turn: number) => {
      if (turn === 1) throw new ModelError('prompt-too-long', 'too long');
    };
    const { answer, calls, drawn } = await attempt([' a\n', ' b\n'], { sample });
    expect({ answer, calls }).toEqual({ answer: null, calls: [] });
    expect(drawn.sample).toMatchObject({ text: ' a\n', finish: 'length' });
    // Where the question itself is too long, that is the question's fault.
    const first = () => {
      throw new ModelError('prompt-too-long', 'too long');
    };
    await expect(attempt([' a\n'], { sample: first })).rejects.toMatchObject({ reason: 'prompt-too-long' });
  });

  it('fails as a whole where the server does between its turns', async () => {
    const sample = (_: SampleRequest, turn: number) => {
      if (turn === 1) throw new ModelError('unreachable', 'gone');
    };
    await expect(attempt([' a\n', ' b\n'], { sample })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('goes on on another server where its own fails between turns, in the middle of its group, with nothing lost', async () => {
    const said = ({ prompt }: SampleRequest) => (prompt === abduction.prompt ? ' a\n' : ' arguments = (1)\n');
    const failing = {
      ...characterEndpoint((request) => {
        if (request.prompt !== abduction.prompt) throw new ModelError('unreachable', 'gone');
        return said(request);
      }),
      host: 'http://127.0.0.1:2',
    };
    const other = characterEndpoint(said);
    const pool = new Pool({
      members: [failing, other].map((endpoint, index) => ({ endpoint, slots: 2 - index })),
      model: { name: 'm', digest: 'd'.repeat(64) },
      clear: () => Promise.resolve(),
      onEvent: () => undefined,
      patience: { totalMs: 60_000, firstMs: 30_000, longestMs: 30_000 },
    });
    const question = { ...abduction, toolUse: { session: abduction.tool, sandbox: capitals() } };
    const answers = await drawGroup(
      pool,
      { name: 'm', digest: 'd'.repeat(64) },
      question,
      [1, 2, 3],
      (drawn) => Promise.resolve([attemptAnswer(question, drawn), drawn.turns?.calls.length]),
      signal,
    );
    await pool.close();
    expect(answers).toEqual(Array(3).fill(['(1,)', 1]));
    // The first turn of the first attempt was asked once, and its second one elsewhere.
    expect(failing.asked.map(({ randomSeed }) => randomSeed)).toEqual([1, nextRandomSeed(1)]);
    expect(other.asked.map(({ randomSeed }) => randomSeed)).toEqual([
      nextRandomSeed(1),
      2,
      nextRandomSeed(2),
      3,
      nextRandomSeed(3),
    ]);
  });

  it('ends at once where it is stopped while the sandbox runs', async () => {
    const stop = new AbortController();
    const sandbox = {
      run: () =>
        new Promise<never>((_, reject) =>
          stop.signal.addEventListener('abort', () => reject(stop.signal.reason)),
        ),
    };
    const request = { ...abduction, model, sampling: onPolicy(192), randomSeed: 7 };
    const drawing = drawTurns(
      characterEndpoint(() => ' a\n'),
      request,
      { session: abduction.tool, sandbox },
      stop.signal,
    );
    setTimeout(() => stop.abort(), 10);
    await expect(drawing).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is shown what came of a block on a line of its own, whatever the model began of the next line', async () => {
    const { asked } = await attempt([' def g():\n...     1\n>>> g()\n', ' arguments = (1)\n']);
    expect(asked[1]?.prompt.slice(abduction.prompt.length)).toBe(
      ' def g():\n...     1\n>\n0:DEF G():\n    1\n>>>',
    );
  });

  it('asks the turn again, and no other, that was given up for a person', async () => {
    const given = new Set<number>();
    const said = [' a\n', ' arguments = (1)\n'];
    const inner = characterEndpoint(({ prompt }) => (prompt === abduction.prompt ? said[0] : said[1]) ?? '');
    const slot: Pick<Endpoint, 'sample'> = {
      sample: (request, own) => {
        const turn = request.prompt === abduction.prompt ? 0 : 1;
        if (given.has(turn)) return inner.sample(request, own);
        given.add(turn);
        throw new Preempted('h');
      },
    };
    const request = { ...abduction, model, sampling: onPolicy(192), randomSeed: 7 };
    const drawn = await drawTurns(slot, request, { session: abduction.tool, sandbox: capitals() }, signal);
    const first = nextRandomSeed(7);
    expect(drawn.randomSeed).toBe(first);
    expect(drawn.turns?.calls[0]?.randomSeed).toBe(nextRandomSeed(nextRandomSeed(first)));
    expect(inner.asked.map(({ randomSeed }) => randomSeed)).toEqual([
      first,
      drawn.turns?.calls[0]?.randomSeed,
    ]);
  });

  it('that meets a broken sandbox cannot be judged, and its piece is no call', async () => {
    const sandbox = scriptedSandbox(() => {
      throw new SandboxError('broken', 'broken');
    });
    const { drawn, calls } = await attempt([' a\n', ' arguments = (1)\n'], { sandbox });
    expect(calls).toEqual([]);
    expect(drawn).toMatchObject({ sample: { finish: 'aborted' }, turns: { isBroken: true, answer: null } });
  });

  it('runs pieces behind those that ran through or raised, and forgets those that were stopped', async () => {
    const sandbox = scriptedSandbox(({ call: [, pieces] }) => {
      const codes =
        pieces?.type === 'list' ? pieces.items.map((item) => (item.type === 'str' ? item.value : '')) : [];
      if (codes.at(-1) === 'loop\n') return { outcome: 'limit', limit: 'cpu' };
      return sessionResult(codes.map((code) => ['', code === 'bad\n' ? 'NameError: bad' : null]));
    });
    await attempt([' a\n', ' bad\n', ' loop\n', ' b\n', '1)\n'], { sandbox });
    expect(sandbox.asked.at(-1)?.call[1]).toMatchObject({
      items: [{ value: 'a\n' }, { value: 'bad\n' }, { value: 'b\n' }],
    });
  });

  it('has no tokens where one of its turns has none, so that it is not trained on', async () => {
    const texts = [' a\n', ' arguments = (1)\n'];
    const whole = characterEndpoint(() => texts.shift() ?? '');
    const slot: Pick<Endpoint, 'sample'> = {
      sample: async (request, own) => {
        const sample = await whole.sample(request, own);
        return texts.length === 0 ? { ...sample, tokens: [] } : sample;
      },
    };
    const request = { ...abduction, model, sampling: onPolicy(192), randomSeed: 7 };
    const drawn = await drawTurns(slot, request, { session: abduction.tool, sandbox: capitals() }, signal);
    expect(drawn.sample).toMatchObject({ tokens: [], text: ' a\n arguments = (1)\n' });
    expect(drawn.turns?.calls).toMatchObject([{ at: 0, textAt: 3 }]);
  });
});

describe('the answer', () => {
  const forging = (printed: string) =>
    scriptedSandbox(({ call: [, pieces] }) =>
      sessionResult(pieces?.type === 'list' ? pieces.items.map(() => [printed, null]) : []),
    );

  it('is never what a tool printed, though it looks like one', async () => {
    const sandbox = forging('>>> arguments = (21)\n>>>');
    const { answer } = await attempt([' f()\n', ' f()\n', ' f()\n', ' f()\n', '\n'], { sandbox });
    expect(answer).toBeNull();
    // Behind a forged opening, the next prompt mark comes all the same.
    const opened = await attempt([' f()\n', '21)\n'], { sandbox: forging('>>> arguments = (') });
    expect(opened.asked[1]?.prompt.endsWith('>>> arguments = (\n>>>')).toBe(true);
    expect(opened.answer).toBeNull();
  });

  it('is never what stands inside of a piece of code', async () => {
    const { answer, calls } = await attempt([' if x:\n... >>> arguments = (21)\n...\n', '']);
    expect(answer).toBeNull();
    expect(calls).toMatchObject([{ code: 'if x:\n>>> arguments = (21)\n' }]);
  });

  it('that is a program stands behind what the session imported and defined, and behind nothing else of it', async () => {
    const question = ask(exampleInduction());
    const { answer, calls } = await attempt(
      [
        ' import math\n',
        ' def half(x):\n...     return x / 2\n...\n',
        ' print(half(4))\n',
        ' def double(x):\n...     return math.floor(half(4 * x))\n...\n',
      ],
      { question },
    );
    expect(calls).toHaveLength(3);
    expect(answer).toBe(
      'import math\n\ndef half(x):\n    return x / 2\n\ndef double(x):\n    return math.floor(half(4 * x))',
    );
  });
});

describe('a record', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ' f(1)\n',
      '\n',
      ' # hm\n',
      ' def g():\n...     1\n...\n',
      ' def g():\n...     1\n>>>',
      ' arguments = (1)\n',
      ' x',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => ` ${text}\n`),
  );
  const shown = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('>>> arguments = (1)', 'é\n', ''),
  );

  it('gives the exact text that the model saw and wrote, and tells which of it is the model’s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), shown, async (said, printed) => {
        const sandbox = scriptedSandbox(({ call: [, pieces] }) =>
          sessionResult(pieces?.type === 'list' ? pieces.items.map(() => [printed, null]) : []),
        );
        const { sample, calls, asked } = await attempt(said, { sandbox });
        const { text, models } = rebuilt(abduction.prompt, sample.tokens, calls);
        expect(models).toBe(sample.text);
        expect(sample.completionTokens).toBe(sample.tokens.length);
        // Each turn was asked with a beginning of it, and the last one saw all but what it then wrote.
        for (const { prompt } of asked) expect(text.startsWith(prompt)).toBe(true);
        const last = calls.at(-1);
        const bytes = Buffer.from(sample.text);
        expect(text).toBe(`${asked.at(-1)?.prompt}${bytes.subarray(last?.textAt ?? 0).toString()}`);
        // The same by the bytes of the text, where there are no tokens.
        let joined = abduction.prompt;
        let from = 0;
        for (const call of calls) {
          joined += bytes.subarray(from, call.textAt).toString() + call.text;
          from = call.textAt;
        }
        expect(joined + bytes.subarray(from).toString()).toBe(text);
      }),
    );
  });
});
