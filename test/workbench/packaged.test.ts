import { describe, expect, inject, it } from 'vitest';
import { assets, entryPoints } from '../../server/src/entry-point.ts';

const { files, bytes } = inject('vsix');

describe('the package', () => {
  it('holds every program, what they load, and the licences of what is bundled', () => {
    const programs = Object.keys(entryPoints).map((name) => `dist/${name}.mjs`);
    expect(files).toEqual(
      expect.arrayContaining(['dist/client.cjs', ...programs, 'dist/third-party-licenses.txt']),
    );
    for (const name of Object.keys(assets)) {
      expect(
        files.some((file) => file === `dist/${name}` || file.startsWith(`dist/${name}/`)),
        name,
      ).toBe(true);
    }
  });

  it('holds no source, source map, test or installed package, and stays small', () => {
    expect(
      files.filter((file) =>
        /\.(ts|map|tsbuildinfo)$|node_modules|^(test|scripts|server|client)\//.test(file),
      ),
    ).toEqual([]);
    expect(bytes).toBeLessThan(12 * 1024 * 1024);
  });
});
