import { z } from 'zod';
import type { Settings } from '../../../protocol/settings.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';

/** What a person chose about the sandbox, with what stands for what they left open. */
export const SandboxChoice = z.object({
  backend: z.enum(['auto', 'native', 'pyodide']),
  /** The interpreter of the native backend: a name or a path. */
  python: z.string(),
  packages: z.boolean(),
});
export type SandboxChoice = z.infer<typeof SandboxChoice>;

/** The choice of the settings, for all folders of a window: the first one's interpreter where none is named. */
export async function sandboxChoice(
  {
    'sandbox.backend': backend,
    'sandbox.python': named,
    'mining.packages': packages,
  }: Pick<Settings, 'sandbox.backend' | 'sandbox.python' | 'mining.packages'>,
  firstFolder: string | undefined,
): Promise<SandboxChoice> {
  return { backend, python: await interpreterOf(named, firstFolder), packages };
}
