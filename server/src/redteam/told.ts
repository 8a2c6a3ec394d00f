import type { Verified } from '../sandbox/sandbox.ts';
import { writeValue } from '../values/literal-writer.ts';

/** How a run ended, as one short text: the value as a literal, or the outcome with its reason (`limit cpu`). */
export function told(ran: Verified): string {
  if (ran.outcome === 'ok') return `ok ${writeValue(ran.value)}`;
  const { cpuMs: _cpuMs, ...rest } = ran;
  return Object.values(rest).join(' ');
}
