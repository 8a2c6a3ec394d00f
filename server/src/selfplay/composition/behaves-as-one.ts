import type { Sandbox } from '../../sandbox/sandbox.ts';
import { writeValue } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { ArchivedProgram } from '../archive.ts';
import { archivedCall, maxProbes } from '../novelty.ts';

/**
 * Whether a composition does no more than one of the functions that it calls, as models of Absolute Zero (arXiv 2505.03335, appendix:
 * f(g(x))) returned g(x): on its own call, and on each known call of that function on which it returns anything, it gives what that one
 * alone gives.
 */
export async function behavesAsOne(
  composition: { readonly program: string; readonly entry: string },
  { call, output }: { readonly call: Call; readonly output: string },
  composed: readonly ArchivedProgram[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  const given = async ({ program, entry }: typeof composition, probe: Call) => {
    const ran = await sandbox.run({ program, entry, call: probe }, signal);
    return ran.outcome === 'ok' ? writeValue(ran.value) : undefined;
  };
  const differs = async (reference: ArchivedProgram) => {
    if ((await given(reference, call)) !== output) return true;
    for (const [text, known] of reference.pairs.slice(0, maxProbes)) {
      const composite = await given(composition, archivedCall(text));
      if (composite !== undefined && composite !== known) return true;
    }
    return false;
  };
  for (const reference of composed) if (!(await differs(reference))) return true;
  return false;
}
