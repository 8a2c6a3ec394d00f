import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../protocol/calibration.ts';
import type { Group } from '../../../protocol/group.ts';
import type { Kind, Role } from '../../../protocol/kind.ts';
import type { Style } from '../../../protocol/style.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { scriptedEndpoint } from '../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { SampleRequest } from '../model/endpoint.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { keepCalibration } from './calibrated-styles.ts';
import { play } from './play.ts';

const { signal } = new AbortController();
const digest = 'd'.repeat(64);
const chat: Style = { frame: 'chat', reasons: true, examples: 1 };

/** Every program doubles its argument. */
const sandbox = scriptedSandbox(({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' },
);

function calibration(cells: readonly { readonly kind: Kind; readonly role: Role }[]): Calibration {
  return {
    schema: 1,
    model: { name: 'm:latest', digest },
    backend: sandbox.backend,
    startedAt: '',
    endedAt: '',
    ended: 'done',
    samples: 8,
    randomSeed: 1,
    hasTemplate: true,
    cells: cells.map(({ kind, role }) => ({
      kind,
      role,
      promptVersion: kindSpec(kind).promptVersion,
      items: 1,
      chosen: chat,
      why: 'measured',
      styles: [],
    })),
  };
}

/** Plays a folder with one task, for which these cells were calibrated. */
async function played(cells: Parameters<typeof calibration>[0], answer: (request: SampleRequest) => string) {
  const { store } = await openedStore();
  const call = { call: '(1001,)', output: '2002', backend: sandbox.backend };
  await store.putTasks([exampleDeduction(call)]);
  await keepCalibration(store, calibration(cells));
  const groups: Group[] = [];
  const endpoint = {
    ...scriptedEndpoint(answer),
    render: (_model: string, message: string) => Promise.resolve(`<user>${message}<model>`),
  };
  await play(
    { folder: '/w', model: 'm', tasks: 4, randomSeed: 5, stream: false },
    { store, sandbox, endpoint, onEvent: (event) => event.type === 'group' && groups.push(event.group) },
    signal,
  );
  return { groups, store };
}

/** Answers between the delimiters of the prompt. */
function delimited(answer: string) {
  return ({ prompt }: SampleRequest) => {
    const nonce = /<answer-([0-9a-f]{8})>/.exec(prompt)?.[1];
    return nonce === undefined ? 'no idea\n' : `So. <answer-${nonce}>${answer}</answer-${nonce}>`;
  };
}

describe('a calibrated model', () => {
  it('solves in the style that was chosen, and its groups hold the text that it saw and name the style', async () => {
    const { groups } = await played([{ kind: 'deduction', role: 'solve' }], delimited('2002'));
    const group = groups.find(({ role }) => role === 'solve');
    expect(group).toMatchObject({
      form: 'chat',
      promptVersion: 'deduction-1+chat-reasons-1',
      trainable: true,
    });
    expect(group?.prompt).toMatch(/^<user>.*double\(1001\)\s*<model>$/s);
    expect(group?.samples.map(({ answer, verdict }) => [answer, verdict.verdict])).toEqual(
      Array.from({ length: 8 }, () => ['2002', 'right']),
    );
  });

  it('proposes in the style that was chosen for it, and is asked as ever in other cells', async () => {
    // A call where a call is asked for, else a function with one.
    const proposes = (request: SampleRequest) => {
      const name = request.prompt.includes('the same name') ? 'double' : 'other';
      const source = `def ${name}(x):\n    return x\n${name}(7777)`;
      return delimited(request.prompt.includes('on a last line') ? source : 'double(7777)')(request);
    };
    const { groups } = await played([{ kind: 'deduction', role: 'propose' }], proposes);
    const proposals = groups.filter(({ role, kind }) => role === 'propose' && kind === 'deduction');
    for (const { promptVersion, prompt } of proposals) {
      expect(promptVersion).toBe('deduction-1+chat-reasons-1');
      expect(prompt.startsWith('<user>')).toBe(true);
    }
    const answers = proposals.flatMap(({ samples }) => samples.map(({ answer }) => answer));
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toMatch(/\n(double|other)\(7777,\)$/);
    for (const { prompt, promptVersion, kind } of groups.filter(({ role }) => role === 'solve')) {
      expect(prompt).not.toContain('<user>');
      expect(promptVersion).toBe(kindSpec(kind).promptVersion);
    }
  });
});
