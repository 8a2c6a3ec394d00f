/**
 * The sample workspace: small functions in pure Python, with doctests and tests.
 *
 * @type {import('./pypi/package-spec.mjs').PackageSpec & { version: string }}
 */
export const sample = {
  name: 'toolz',
  version: '1.0.0',
  sha256: '2c86e3d9a04798ac556793bced838816296a2f085017664e4995cb40a1047a02',
};
