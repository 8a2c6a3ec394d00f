import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { assets, entryPoints } from '../server/src/entry-point.ts';
import { hashInputs, isBuilt, noteBuilt } from './build-stamp.mjs';
import { withLock } from './cache.mjs';
import { runMain, SetupError } from './say.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

/** Bundles every program and the extension into `dist`, and puts what they load beside them. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const serverSource = join(root, 'server/src');
const licensesFile = 'third-party-licenses.txt';

/** What Pyodide loads at run time, out of the files of its package. */
const pyodideFiles = [
  'package.json',
  'pyodide.mjs',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'pyodide-lock.json',
];

/**
 * What ships of a folder that holds more: of the red team its corpora, without its tests; of the trainer what it runs, and what that needs.
 *
 * @type {Record<string, RegExp>}
 */
const shippedFiles = {
  redteam: /\.(?:py|json)$/,
  trainer: /^(?:autodidact_trainer[\\/].*\.py|requirements\.txt)$/,
};

/** @type {esbuild.BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  outdir: dist,
  platform: 'node',
  target: 'node24',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
};

await runMain(async () => {
  await withLock('build', async () => {
    if (await isBuilt(root)) return;
    const hash = await hashInputs(root);
    await mkdir(dist, { recursive: true });
    const bundles = await Promise.all([bundlePrograms(), bundleExtension()]);
    const files = bundles.flatMap((result) => result.outputFiles ?? []);
    for (const file of files) await put(file.path, (temporary) => writeFile(temporary, file.contents));
    const shipped = [
      ...bundles.flatMap((result) => Object.keys(result.metafile?.inputs ?? {})),
      ...Object.values(assets).map((source) => relative(root, join(serverSource, source))),
    ];
    const licenses = await thirdPartyLicenses(root, shipped);
    await put(join(dist, licensesFile), (temporary) => writeFile(temporary, licenses));
    const kept = [...files.map((file) => basename(file.path)), ...Object.keys(assets), licensesFile];
    for (const [name, source] of Object.entries(assets)) await copyAsset(name, join(serverSource, source));
    await removeOthers(kept);
    await noteBuilt(root, hash);
  });
  return 0;
});

/** The programs of the server, as modules. */
function bundlePrograms() {
  return bundle({
    ...shared,
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, source]) => [name, join(serverSource, source)]),
    ),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // Libraries written for `require` load Node's own modules with it.
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
    },
  });
}

/** The extension's client, as the extension host loads it. */
function bundleExtension() {
  return bundle({
    ...shared,
    entryPoints: { client: join(root, 'client/src/extension.ts') },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
  });
}

/** @param {esbuild.BuildOptions} options */
async function bundle(options) {
  try {
    return await esbuild.build(options);
  } catch (error) {
    const { errors } = /** @type {esbuild.BuildFailure} */ (error);
    if (errors === undefined) throw error;
    const messages = await esbuild.formatMessages(errors, { kind: 'error', color: process.stderr.isTTY });
    throw new SetupError('failed', messages.join('\n'));
  }
}

/**
 * @param {string} name
 * @param {string} source
 */
async function copyAsset(name, source) {
  if (!(await stat(source)).isDirectory())
    return put(join(dist, name), (temporary) => copyFile(source, temporary));
  const files =
    name === 'pyodide'
      ? pyodideFiles
      : (await readdir(source, { recursive: true })).filter((file) => shippedFiles[name]?.test(file));
  // One that was taken away would stay; no program loads these while it is replaced.
  if (name !== 'pyodide') await rm(join(dist, name), { recursive: true, force: true });
  for (const file of files) {
    await mkdir(dirname(join(dist, name, file)), { recursive: true });
    await put(join(dist, name, file), (temporary) => copyFile(join(source, file), temporary));
  }
}

/**
 * Replaces one file at once: a program that is running may load it at any moment.
 *
 * @param {string} path
 * @param {(temporary: string) => Promise<void>} write
 */
async function put(path, write) {
  const temporary = `${path}.new`;
  await write(temporary);
  await rename(temporary, path);
}

/**
 * Removes what earlier builds left.
 *
 * @param {readonly string[]} kept
 */
async function removeOthers(kept) {
  for (const name of await readdir(dist)) {
    if (!kept.includes(name) && !name.endsWith('.vsix'))
      await rm(join(dist, name), { recursive: true, force: true });
  }
}
