import { fileURLToPath } from 'node:url';

/**
 * The programs that we start as a process or a worker thread, by their source file. The build bundles each of them to
 * `dist/<name>.mjs`; run from source, Node erases the types itself.
 */
export const entryPoints = {
  cli: './cli/main.ts',
  server: './main.ts',
  'sandbox-child': './sandbox/program/pyodide/child.ts',
  'sandbox-snapshot': './sandbox/program/pyodide/snapshot-child.ts',
  'sandbox-watchdog': './sandbox/program/pyodide/watchdog.ts',
  'store-worker': './store/worker.ts',
  mining: './engine/mining-thread/thread.ts',
  'mining-index': './mining/indexing/index-thread.ts',
  'ollama-keeper': './model/keeper.ts',
} as const;

const fromSource = import.meta.url.endsWith('.ts');

/** Absolute path of a program's file, in the bundle or in the source tree, whichever this code runs from. */
export function entryPoint(name: keyof typeof entryPoints): string {
  return fileURLToPath(new URL(fromSource ? entryPoints[name] : `./${name}.mjs`, import.meta.url));
}

/** Folders and files that ship beside the bundle; in the source tree they stand in `node_modules`. */
export const assets = {
  pyodide: '../../node_modules/pyodide/',
  'python-stdlib.zip': '../../build/python-stdlib.zip',
  redteam: '../../test/redteam/',
  trainer: '../../trainer/',
  'harness.py': './sandbox/program/harness.py',
  'zygote.py': './sandbox/program/native/zygote.py',
  'session.py': './sandbox/session/session.py',
  'recorder.py': './mining/recording/recorder.py',
  'makings.py': './mining/recording/makings.py',
  'web-tree-sitter.wasm': '../../node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-python.wasm': '../../node_modules/tree-sitter-python/tree-sitter-python.wasm',
} as const;

/** Absolute path of a shipped folder or file. */
export function asset(name: keyof typeof assets): string {
  return fileURLToPath(new URL(fromSource ? assets[name] : `./${name}`, import.meta.url));
}
