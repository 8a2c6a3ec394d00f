import type { Result } from '../../server/src/sandbox/sandbox.ts';
import type { Value } from '../../server/src/values/value.ts';

/** What the sandbox gives of a Python session: for each piece what it printed, and the last line of what it raised. */
export function sessionResult(pieces: readonly (readonly [string, string | null])[]): Result {
  const str = (value: string): Value => ({ type: 'str', value });
  const items = pieces.map(
    ([printed, raised]): Value => ({
      type: 'tuple',
      items: [str(printed), raised === null ? { type: 'none' } : str(raised)],
    }),
  );
  return { outcome: 'ok', value: { type: 'list', items } };
}
