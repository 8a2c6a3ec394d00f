import { sliceProgram } from '../../server/src/mining/slicing/program.ts';
import type { Prose } from '../../server/src/mining/slicing/prose-edits.ts';
import { unitsOf } from '../../server/src/mining/units.ts';
import { openWorkspace } from '../../server/src/mining/workspace.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { signal } = new AbortController();

/** Slices `f` out of the first file; its program, or its loss with the detail. */
export async function slice(
  files: string | Record<string, string>,
  prose: Prose = 'docstrings',
): Promise<string> {
  const sliced = await slicedOf(typeof files === 'string' ? { 'm.py': files } : files);
  return sliced.ok ? sliced.source(prose) : `${sliced.loss}: ${sliced.detail}`;
}

/** Slices `f` out of the first file. */
export async function slicedOf(all: Record<string, string>): ReturnType<typeof sliceProgram> {
  const folder = await temporaryFolder(all);
  const workspace = openWorkspace(Object.keys(all), { folder, maxFileBytes: 100_000 });
  const [first = ''] = Object.keys(all);
  const loaded = await workspace.load(first, signal);
  if (!loaded.ok) throw new Error(loaded.loss);
  const unit = unitsOf(loaded.module).find(({ symbol }) => symbol === 'f');
  if (unit?.statement == null) throw new Error('There is no f.');
  return sliceProgram(loaded.module, unit.statement, workspace, signal);
}
