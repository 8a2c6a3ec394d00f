import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agrees, band, majority } from './majority.ts';

const times = (answer: string | null, count: number) => Array<string | null>(count).fill(answer);

describe('the label of a group', () => {
  it('is the commonest output, equal ones counted together however they are written', () => {
    const answers = [
      "{'a': 1, 'b': 2}",
      "{'b':2,'a':1}",
      "{'b':2,'a':1}",
      '7',
      'nothing that can be read',
      null,
    ];
    expect(majority(answers)).toEqual({ label: "{'b':2,'a':1}", noLabel: null, agreement: 0.5 });
  });

  it('tells values of different types apart, as every reward does', () => {
    expect(majority(['1', 'True', '1.0', '1', '2', '3'])).toMatchObject({ label: '1', agreement: 2 / 6 });
  });

  it('may be an exception', () => {
    expect(majority([...times('raise ValueError', 2), '1', '2'])).toMatchObject({
      label: 'raise ValueError',
    });
  });

  it('is of all answers, those that cannot be read among them', () => {
    expect(majority([...times('5', 2), ...times(null, 6)])).toEqual({
      label: null,
      noLabel: 'below-band',
      agreement: 0.25,
    });
  });

  it('holds from 0.3 to 0.8, both included', () => {
    const of = (agreeing: number) =>
      majority([...times('5', agreeing), ...Array.from({ length: 10 - agreeing }, (_, n) => `'${n}'`)]);
    expect([2, 3, 8, 9].map((count) => of(count).noLabel)).toEqual(['below-band', null, null, 'above-band']);
  });

  it('is none where two answers are the commonest, or none can be read', () => {
    expect(majority([...times('5', 3), ...times('6', 3)])).toMatchObject({ noLabel: 'tie' });
    expect(majority([...times('no literal', 8)])).toMatchObject({ noLabel: 'unreadable', agreement: 0 });
    expect(majority([])).toMatchObject({ noLabel: 'unreadable', agreement: 0 });
  });

  it('is never NaN, which is nothing that an answer could be equal to', () => {
    expect(majority(times("float('nan')", 4)).label).toBeNull();
  });

  it('is within the band, and given by just so many answers', () => {
    const answer = fc.constantFrom('1', '2', '[3]', "{'k': 4}", 'f(', null);
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const { label, agreement } = majority(answers);
        if (label === null) return;
        expect(agreement).toBeGreaterThanOrEqual(band.low);
        expect(agreement).toBeLessThanOrEqual(band.high);
        expect(answers.filter((each) => agrees(each, label)).length).toBe(
          Math.round(agreement * answers.length),
        );
      }),
    );
  });
});
