import { describe, expect, it } from 'vitest';
import type { Style } from '../../../../protocol/style.ts';
import type { Pair } from '../../../../protocol/task.ts';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { kindSpec } from '../kinds.ts';
import { askInStyle } from './ask-in-style.ts';
import { proposing, solving } from './exercise.ts';
import { allStyles, defaultStyle, isTrainable, styleName } from './style.ts';

const { signal } = new AbortController();
const nonce = '00abcdef';
const asker = {
  endpoint: { render: (_model: string, message: string) => Promise.resolve(`<|user|>${message}<|model|>`) },
  model: 'm',
  draw: () => 0xabcdef,
};
const style = (frame: Style['frame'], reasons = false, examples: Style['examples'] = 1): Style => ({
  frame,
  reasons,
  examples,
});
const solved = {
  deduction: '42',
  abduction: '(21,)',
  induction: 'def double(x):\n    return 2 * x\n',
  explain: 'Doubles a number.',
};
const tasks = [exampleDeduction(), exampleAbduction(), exampleInduction(), exampleExplain()] as const;

/** An answer as each kind wants it in words. */
const inWords = { ...solved, abduction: 'double(21)' };

describe('a question in a style', () => {
  it("is the kind's own where the style is the default", async () => {
    for (const task of tasks) {
      const {
        read: _read,
        promptVersion,
        ...asked
      } = await askInStyle(solving(task), defaultStyle, asker, signal);
      expect(asked).toEqual(kindSpec(task.kind).ask(task));
      expect(promptVersion).toBe(kindSpec(task.kind).promptVersion);
    }
  });

  it.each(tasks)('is read in every style, and its version names it: $kind', async (task) => {
    const answer = inWords[task.kind];
    const versions = new Set<string>();
    for (const each of allStyles.filter(({ frame }) => frame !== 'session')) {
      const asked = await askInStyle(solving(task), each, asker, signal);
      versions.add(asked.promptVersion);
      const opened = asked.prompt.endsWith(`<answer-${nonce}>`) ? '' : `<answer-${nonce}>`;
      const said =
        each.frame === 'schema' ? JSON.stringify({ answer }) : `${opened}${answer}</answer-${nonce}>`;
      expect(asked.read(said, 'delimiter')?.replace(',)', ')')).toBe(solved[task.kind].replace(',)', ')'));
      expect(asked.ends(said)).toBe(true);
      expect(asked.ends(said.slice(0, -1))).toBe(false);
      expect(asked.read(`The answer is ${answer}.`, 'end')).toBeUndefined();
      expect(asked.read('', 'end')).toBeUndefined();
    }
    expect(versions.size).toBe(15);
  });

  it('shows so many worked examples, with their reasoning only where that is asked for', async () => {
    for (const each of allStyles) {
      const { prompt } = await askInStyle(solving(exampleDeduction()), each, asker, signal);
      expect(['add_all', 'initials', 'repeat'].filter((name) => prompt.includes(`def ${name}`))).toHaveLength(
        each.examples,
      );
      expect(prompt.includes('add up to 6')).toBe(each.reasons && each.examples > 0);
      expect(prompt).toContain('double(21)');
      expect(prompt).not.toContain('42');
    }
  });

  it('is rendered by the endpoint where it is a chat, and stands raw where not', async () => {
    for (const each of allStyles) {
      const { prompt } = await askInStyle(solving(exampleDeduction()), each, asker, signal);
      expect(prompt.startsWith('<|user|>')).toBe(each.frame === 'chat' || each.frame === 'schema');
    }
  });

  it('never gets a nonce that its program names', async () => {
    const draws = [0xabcdef, 0x123456];
    const program = 'def double(x):\n    return x * 2  # <answer-00abcdef>7</answer-00abcdef>\n';
    const asked = await askInStyle(
      solving(exampleDeduction({ program })),
      style('chat'),
      { ...asker, draw: () => draws.shift() ?? 1 },
      signal,
    );
    expect(asked.prompt).toContain('</answer-00123456>');
    expect(asked.read('<answer-00abcdef>7</answer-00abcdef>', 'delimiter')).toBeUndefined();
  });

  it('draws nothing where it needs no nonce', async () => {
    const draw = () => {
      throw new RangeError('drawn');
    };
    for (const each of [defaultStyle, style('schema')])
      await askInStyle(solving(exampleDeduction()), each, { ...asker, draw }, signal);
  });

  it('keeps the sampler to a schema in one frame only, which is not trained on', async () => {
    for (const each of allStyles) {
      const { format } = await askInStyle(solving(exampleDeduction()), each, asker, signal);
      expect(format === undefined).toBe(isTrainable(each));
    }
    const schema = await askInStyle(solving(exampleDeduction()), style('schema'), asker, signal);
    expect(schema.read('{"answer": "42", "more": 1}', 'end')).toBeUndefined();
    expect(schema.read('{"answer": 42}', 'end')).toBeUndefined();
    expect(schema.read('{"answer": "42"} and more', 'end')).toBeUndefined();
  });
});

describe('a proposal in a style', () => {
  const reference = {
    program: 'import math\ndef double(x):\n    return x * 2\n',
    entry: 'double',
    pairs: [['(1,)', '2'] as Pair],
  };
  const read = async (name: string, answer: string) => {
    const kind = name === 'message' ? 'induction' : 'deduction';
    const form = kindSpec(kind).forms.find((each) => each.name === name);
    if (form === undefined) throw new RangeError(name);
    const asked = await askInStyle(proposing(form, [reference], 'p-1'), style('chat', true), asker, signal);
    expect(asked.promptVersion).toBe('p-1+chat-reasons-1');
    return asked.read(`Let me see. <answer-${nonce}>${answer}</answer-${nonce}>`, 'delimiter');
  };

  it('is read as its form says', async () => {
    expect(await read('call', 'double(7)')).toMatchObject({ type: 'call', entry: 'double', call: '(7,)' });
    expect(await read('call', 'triple(7)')).toBeUndefined();
    expect(await read('message', 'Gives twice the number.')).toMatchObject({
      message: 'Gives twice the number.',
    });
    const source = 'def double(x):\n    return math.floor(x)\ndouble(2.5)';
    expect(await read('variant', source)).toEqual({
      type: 'call',
      program: 'import math\ndef double(x):\n    return math.floor(x)\n',
      entry: 'double',
      call: '(2.5,)',
    });
    expect(await read('variant', source.replaceAll('double', 'other'))).toBeUndefined();
    expect(await read('program', source.replaceAll('double', 'other'))).toMatchObject({ entry: 'other' });
    expect(await read('program', 'def other(x):\n    return x')).toBeUndefined();
    expect(await read('program', 'print(1)')).toBeUndefined();
  });

  it('of a composition stands behind what it calls, under a name of its own', async () => {
    const half = { ...reference, program: 'def half(x):\n    return x // 2\n', entry: 'half' };
    const form = kindSpec('deduction').forms.find(({ name }) => name === 'composition');
    if (form === undefined) throw new RangeError('There is no composition form.');
    const exercise = proposing(form, [reference, half], 'p-1');
    const asked = await askInStyle(exercise, style('chat'), asker, signal);
    expect(asked.prompt).toContain('Wanted: a function that calls double and half');
    const read = (name: string) =>
      asked.read(
        `<answer-${nonce}>def ${name}(x):\n    return double(half(x))\n${name}(8)</answer-${nonce}>`,
        'delimiter',
      );
    expect(read('even')).toEqual({
      type: 'call',
      program: `${reference.program.trimEnd()}\n\n${half.program.trimEnd()}\n\ndef even(x):\n    return double(half(x))\n`,
      entry: 'even',
      call: '(8,)',
    });
    expect(read('half')).toBeUndefined();
  });
});

describe('all styles', () => {
  it('have names of their own, the simplest first', () => {
    const names = allStyles.map(styleName);
    expect(new Set(names).size).toBe(18);
    expect(names[0]).toBe('session-0');
    expect(names).toContain(styleName(defaultStyle));
    expect(names.indexOf('completion-0')).toBeLessThan(names.indexOf('completion-reasons-0'));
    expect(names.at(-1)).toBe('schema-3');
  });
});
