/** Whether a file runs tests when it is run: its name says so as pytest and unittest have it. */
export function isTestFile(file: string): boolean {
  return /(^|\/)(tests?|test_[^/]*|[^/]*_tests?)\.py$/.test(file);
}

/** Whether a file belongs to tests: such a file, what it shares with others, and all in a folder of tests. */
export function isOfTests(file: string): boolean {
  return /(^|\/)(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_tests?|conftest)\.py$/.test(file);
}
