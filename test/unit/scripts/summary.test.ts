import { describe, expect, it } from 'vitest';
import { countJunit, countReport, summaryLine, total } from '../../../scripts/summary.mjs';

const test = (status: string, fullName = 'a test') => ({ status, fullName });
const file = { name: 'a.test.ts', status: 'failed' };

describe('countReport', () => {
  it('counts tests by how they ended', () => {
    const assertionResults = [test('passed'), test('failed'), test('skipped', 'b test'), test('todo')];
    const counts = countReport({ testResults: [{ ...file, assertionResults }] });
    expect(counts.passed).toBe(1);
    expect(counts.failed.map(({ name }) => name)).toEqual(['a.test.ts: a test']);
    expect(counts.skipped.map(({ name }) => name)).toEqual(['b test', 'a test']);
  });

  it('says of a failed test where it is and the first line of why', () => {
    const failed = { ...test('failed'), failureMessages: ['Error: 1 is not 2\n    at a.test.ts:3:1'] };
    expect(countReport({ testResults: [{ ...file, assertionResults: [failed] }] }).failed).toEqual([
      { name: 'a.test.ts: a test', reason: 'Error: 1 is not 2' },
    ]);
  });

  it('counts a file that could not be loaded, or whose hook failed, as one failed test', () => {
    const message = 'Error: no such module\n    at a.test.ts:1:1';
    for (const assertionResults of [[], [test('passed')]])
      expect(countReport({ testResults: [{ ...file, message, assertionResults }] }).failed).toEqual([
        { name: 'a.test.ts', reason: 'Error: no such module' },
      ]);
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
      failed: [
        { name: 'test_b', reason: 'm' },
        { name: 'test_k', reason: 'collection failure' },
      ],
      skipped: [{ name: 'test_c', reason: 'no model' }],
    });
  });

  it('counts nothing where there is no report', () => {
    expect(countJunit('')).toEqual({ passed: 0, failed: [], skipped: [] });
  });
});

describe('summaryLine', () => {
  it('sums up the parts', () => {
    const failed = [{ name: 'a.test.ts: a test', reason: 'Error: 1 is not 2' }];
    const skipped = [{ name: 'desktop', reason: 'there is no display' }];
    const parts = [
      { passed: 2, failed: [], skipped: [] },
      { passed: 1, failed, skipped },
    ];
    expect(summaryLine(total(parts))).toBe('3 passed, 1 failed, 1 skipped');
    expect(total(parts)).toEqual({ passed: 3, failed, skipped });
  });
});
