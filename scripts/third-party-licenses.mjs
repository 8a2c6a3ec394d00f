import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of every package that the files come from, as one text to ship beside them.
 *
 * @param {string} root  The clone.
 * @param {readonly string[]} files  Paths, some of which lie in `node_modules`.
 * @returns {Promise<string>}
 */
export async function thirdPartyLicenses(root, files) {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  const texts = [];
  for (const folder of [...folders].sort()) {
    const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
    const text =
      file === undefined
        ? 'Its package has no licence text.'
        : await readFile(join(root, folder, file), 'utf8');
    texts.push(`${manifest.name} ${manifest.version}: ${manifest.license}\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * `node_modules/a/node_modules/@b/c/d.js` lies in `node_modules/a/node_modules/@b/c`.
 *
 * @param {string} file
 * @returns {string | undefined}
 */
function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0];
}
