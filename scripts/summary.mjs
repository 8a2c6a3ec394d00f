/**
 * A test that did not pass, and why.
 *
 * @typedef {object} NotPassed
 * @property {string} name
 * @property {string} reason
 */

/**
 * What came of the tests of a part.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {readonly NotPassed[]} failed
 * @property {readonly NotPassed[]} skipped
 */

/**
 * The sum over parts.
 *
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function total(parts) {
  return {
    passed: parts.reduce((sum, { passed }) => sum + passed, 0),
    failed: parts.flatMap(({ failed }) => failed),
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}

/**
 * The one line that everything ends with.
 *
 * @param {Counts} counts
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}

/**
 * Counts what Vitest's JSON report tells. A file that could not even be loaded, or whose hook failed, counts as one failed
 * test.
 *
 * @param {VitestReport} report
 * @returns {Counts}
 */
export function countReport({ testResults }) {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  );
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(isFailed),
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: [
      ...tests.filter(isFailed).map(({ file, fullName, failureMessages }) => ({
        name: `${file}: ${fullName}`,
        reason: firstLine(failureMessages?.[0]),
      })),
      ...broken.map(({ name, message }) => ({ name, reason: firstLine(message) })),
    ],
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName, status }) => ({ name: fullName, reason: `marked as ${status} in the test file` })),
  };
}

/**
 * Counts what pytest's JUnit report tells. A file that could not even be loaded is an error in it, and counts as failed.
 *
 * @param {string} xml
 * @returns {Counts}
 */
export function countJunit(xml) {
  const cases = [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)];
  const ended = (/** @type {string} */ how) => cases.filter(([, , body]) => body?.includes(`<${how} `));
  const failed = new Set([...ended('failure'), ...ended('error')]);
  const skipped = ended('skipped').filter((one) => !failed.has(one));
  const told = (/** @type {RegExpExecArray} */ [, attributes = '', body = '']) => ({
    name: attributeOf(attributes, 'name'),
    reason: attributeOf(body, 'message'),
  });
  return {
    passed: cases.length - failed.size - skipped.length,
    failed: [...failed].map(told),
    skipped: skipped.map(told),
  };
}

/**
 * @param {string} text
 * @param {string} name
 */
function attributeOf(text, name) {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '';
}

/** @param {{ status: string }} test */
function isFailed({ status }) {
  return status === 'failed';
}

/** @param {string | undefined} message */
function firstLine(message = '') {
  return message.trimStart().split('\n', 1)[0] || 'the report says no more';
}

/**
 * What is used of Vitest's JSON report.
 *
 * @typedef {object} VitestReport
 * @property {readonly VitestFile[]} testResults
 *
 * @typedef {object} VitestFile
 * @property {string} name  Where the file is.
 * @property {string} status
 * @property {string} [message]
 * @property {readonly { status: string, fullName: string, failureMessages?: readonly string[] }[]} assertionResults
 */
