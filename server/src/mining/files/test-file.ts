/** Whether a file runs tests when it is run: its name says so as pytest and unittest have it. */
export function isTestFile(file: string): boolean {
  return /(^|\/)(tests?|test_[^/]*|[^/]*_tests?)\.py$/.test(file);
}
