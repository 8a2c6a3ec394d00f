import { describe, expect, it } from 'vitest';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { kindSpec } from '../kinds.ts';
import { allStyles, defaultStyle } from '../styles/style.ts';
import { askWithTool } from './ask-with-tool.ts';
import { toolForms } from './tool-forms.ts';

const ask = (task: Parameters<typeof askWithTool>[0]) => {
  const asked = askWithTool(task, defaultStyle);
  if (asked === undefined) throw new TypeError('It is not asked with a tool.');
  return asked;
};

describe('a question before whose answer Python may be run', () => {
  it('is never a deduction, where running it is the answer', () => {
    expect(Object.keys(toolForms)).not.toContain('deduction');
    for (const style of allStyles) expect(askWithTool(exampleDeduction(), style)).toBeUndefined();
  });

  it('is a session, with as many worked examples as the style says, and nothing in any other frame', () => {
    for (const style of allStyles)
      for (const task of [exampleAbduction(), exampleInduction(), exampleExplain()]) {
        const asked = askWithTool(task, style);
        expect(asked === undefined).toBe(style.frame !== 'session');
        if (asked === undefined) continue;
        expect(
          ['add_all', 'initials', 'repeat'].filter((name) => asked.prompt.includes(`def ${name}`)),
        ).toHaveLength(style.examples);
      }
  });

  it('ends at the prompt mark, and has the answer begin as the model is shown', () => {
    const asked = [
      [exampleAbduction(), '>>> # Arguments for which double returns 42:\n>>>', 'arguments = ('],
      [exampleInduction(), '>>> # double(4) gives 8\n>>>', 'def double('],
      [exampleExplain(), '>>> # double(4) gives 8\n>>>', '# What double does, in one sentence:'],
    ] as const;
    for (const [task, end, opening] of asked) {
      const { prompt, tool } = ask(task);
      expect(prompt.endsWith(end)).toBe(true);
      expect(tool.opening).toBe(opening);
      const [before] = opening.split('double');
      expect(prompt.split(`>>> ${before}`).length).toBeGreaterThanOrEqual(4);
    }
  });

  it('is read, behind the opening, as without a tool, and takes more tokens', () => {
    const said = {
      abduction: '21)\n',
      induction: 'x):\n...     return 2 * x\n...\n',
      explain: ' Doubles it.\n',
    };
    for (const task of [exampleAbduction(), exampleInduction(), exampleExplain()]) {
      const asked = ask(task);
      const spec = kindSpec(task.kind);
      const plain = spec.ask(task);
      expect(asked.read(said[task.kind], 'delimiter')).toBe(spec.read(said[task.kind], 'delimiter', task));
      expect(asked.ends(said[task.kind])).toBe(plain.ends(said[task.kind]));
      expect(asked.tool.answerTokens).toBe(plain.numPredict);
      expect(asked.numPredict).toBe(plain.numPredict + 128);
      expect(asked.promptVersion).toBe(`${spec.promptVersion}+tool-1`);
    }
  });

  it('has in its scope what its prompt shows: of an induction nothing', () => {
    expect(ask(exampleAbduction()).tool.scope).toBe(exampleAbduction().program);
    expect(ask(exampleExplain()).tool.scope).toBe(exampleExplain().program);
    const induction = ask(exampleInduction({ program: 'def double(x):\n    return "secret"\n' }));
    expect(induction.tool.scope).toBe('');
    expect(JSON.stringify(induction)).not.toContain('secret');
    expect(JSON.stringify(induction)).not.toContain('double(7)');
  });
});
