import type { Backend } from '../../protocol/sandbox.ts';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';

/** The backends that work on this machine; `create-sandbox.test.ts` says why where the native one does not. */
export async function backendsHere(): Promise<readonly Backend['name'][]> {
  const { signal } = new AbortController();
  const sandbox = await createSandbox({ env: process.env }, signal);
  await sandbox.close();
  return sandbox.backend.name === 'native' ? ['native', 'pyodide'] : ['pyodide'];
}
