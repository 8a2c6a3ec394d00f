import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { type CodeServer, installCodeServer } from '../../../scripts/code-server.mjs';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { buildVsix } from '../../../scripts/vsix.mjs';
import { chromiumPath } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    codeServer: CodeServer;
    vsix: { readonly path: string; readonly bytes: number; readonly files: readonly string[] };
  }
}

/** Before the specs: the extension packaged as it is now, a VS Code to put it into, and a browser to look at it. */
export async function setup(project: TestProject): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../../..');
  chromiumPath();
  project.provide('codeServer', await installCodeServer());
  await ensureBuilt(root);
  project.provide('vsix', await buildVsix(root));
}
