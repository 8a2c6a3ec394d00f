import { describe, expect, it } from 'vitest';
import { countJunit, countReport, summaryLine, total } from '../../../scripts/summary.mjs';

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

describe('countJunit', () => {
  const xml = (...cases: string[]) =>
    `<?xml version="1.0"?><testsuites><testsuite>${cases.join('')}</testsuite></testsuites>`;
  const passed = '<testcase classname="test_j" name="test_a" time="0.000" />';
  const failed =
    '<testcase classname="test_j" name="test_b" time="0.000"><failure message="m">&lt;skipped\n</failure></testcase>';
  const skipped =
    '<testcase classname="test_j" name="test_c" time="0.000"><skipped type="pytest.skip" message="no model">at 4</skipped></testcase>';
  const broken =
    '<testcase classname="" name="test_k" time="0.000"><error message="collection failure">x</error></testcase>';

  it('counts tests by how they ended', () => {
    expect(countJunit(xml(passed, failed, skipped, passed, broken))).toEqual({
      passed: 2,
      failed: 2,
      skipped: [{ name: 'test_c', reason: 'no model' }],
    });
  });

  it('counts nothing where there is no report', () => {
    expect(countJunit('')).toEqual({ passed: 0, failed: 0, skipped: [] });
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
