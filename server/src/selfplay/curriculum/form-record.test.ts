import { describe, expect, it } from 'vitest';
import { kindSpec } from '../../tasks/kinds.ts';
import { choices } from '../choices.ts';
import { FormRecord } from './form-record.ts';

const { forms } = kindSpec('deduction');

/** Shares of a thousand choices. */
function shares(record: FormRecord): Record<string, number> {
  const chance = choices(9);
  const counts: Record<string, number> = {};
  for (let turn = 0; turn < 1_000; turn += 1) {
    const name = record.choose('deduction', forms, chance)?.name ?? '';
    counts[name] = (counts[name] ?? 0) + 1 / 1_000;
  }
  return counts;
}

const group = (valid: number, tokens = 100) => ({ asked: 8, valid, tokens });

describe('forms', () => {
  it('grow in freedom: a call, a variant, a composition, a program', () => {
    expect(forms.map(({ name }) => name)).toEqual(['call', 'variant', 'composition', 'program']);
  });

  it('begin near their own shares, each with a part', () => {
    const begun = shares(FormRecord.read(undefined, 'v'));
    expect(begun['call']).toBeGreaterThan(0.5);
    for (const { name } of forms) expect(begun[name]).toBeGreaterThan(0.05);
  });

  it('follow what comes of them', () => {
    const record = FormRecord.read(undefined, 'v');
    for (let turn = 0; turn < 12; turn += 1) {
      record.add('deduction', 'call', group(1));
      record.add('deduction', 'program', group(6));
      record.add('abduction', 'variant', group(8));
    }
    const measured = shares(record);
    expect(measured['program']).toBeGreaterThan(0.45);
    expect(measured['call']).toBeLessThan(0.3);
    expect(measured['variant']).toBeGreaterThan(0.03);
    expect(measured['variant']).toBeLessThan(0.15);
  });

  it('that give under 5 % get at most a tenth of the tokens', () => {
    const chance = choices(4);
    const record = FormRecord.read(undefined, 'v');
    const tokens: Record<string, number> = {};
    for (let turn = 0; turn < 400; turn += 1) {
      const form = record.choose('deduction', forms, chance);
      if (form === undefined) throw new TypeError('There is no form.');
      const cost = form.name === 'program' ? 900 : 100;
      tokens[form.name] = (tokens[form.name] ?? 0) + cost;
      record.add('deduction', form.name, group(form.name === 'program' ? 0 : 4, cost));
    }
    const all = Object.values(tokens).reduce((sum, its) => sum + its, 0);
    expect(tokens['program']).toBeGreaterThan(0);
    // One group more may begin below the tenth.
    expect(tokens['program']).toBeLessThan(0.1 * all + 900);
  });

  it('are chosen all the same where all give nothing, and not of none', () => {
    const record = FormRecord.read(undefined, 'v');
    for (const { name } of forms)
      for (let turn = 0; turn < 3; turn += 1) record.add('deduction', name, group(0));
    expect(record.choose('deduction', forms, choices(1))).toBeDefined();
    expect(record.choose('deduction', [], choices(1))).toBeUndefined();
  });

  it('are measured anew for another version of the model, and as before for the same', () => {
    const record = FormRecord.read(undefined, 'v');
    for (let turn = 0; turn < 12; turn += 1) record.add('deduction', 'program', group(8));
    expect(shares(FormRecord.read(record.text, 'v'))).toEqual(shares(record));
    const fresh = shares(FormRecord.read(undefined, 'w'));
    expect(shares(FormRecord.read(record.text, 'w'))).toEqual(fresh);
    const back = FormRecord.read(FormRecord.read(record.text, 'w').text, 'v');
    expect(shares(back)).toEqual(shares(record));
  });

  it.each(['', 'no JSON', '{}', '[{"version":1}]', '[{"version":"v","forms":{"a":{"asked":-1}}}]'])(
    'begin anew where the note says %j',
    (text) => expect(shares(FormRecord.read(text, 'v'))).toEqual(shares(FormRecord.read(undefined, 'v'))),
  );
});
