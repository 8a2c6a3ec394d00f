import { describe, expect, it } from 'vitest';
import { countReport, summaryLine, total } from '../../../scripts/summary.mjs';

const test = (status: string, fullName = 'a test') => ({ status, fullName });

describe('countReport', () => {
  it('counts tests by how they ended', () => {
    const assertionResults = [test('passed'), test('failed'), test('skipped', 'b test'), test('todo')];
    const counts = countReport({ testResults: [{ status: 'failed', assertionResults }] });
    expect(counts).toMatchObject({ passed: 1, failed: 1 });
    expect(counts.skipped.map(({ name }) => name)).toEqual(['b test', 'a test']);
  });

  it('counts a file that could not be loaded, or whose hook failed, as one failed test', () => {
    expect(countReport({ testResults: [{ status: 'failed', assertionResults: [] }] }).failed).toBe(1);
    expect(
      countReport({ testResults: [{ status: 'failed', assertionResults: [test('passed')] }] }).failed,
    ).toBe(1);
  });
});

describe('summaryLine', () => {
  it('sums up the parts', () => {
    const skipped = [{ name: 'desktop', reason: 'there is no display' }];
    const parts = [
      { passed: 2, failed: 0, skipped: [] },
      { passed: 1, failed: 1, skipped },
    ];
    expect(summaryLine(total(parts))).toBe('3 passed, 1 failed, 1 skipped');
    expect(total(parts).skipped).toEqual(skipped);
  });
});
