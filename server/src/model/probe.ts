import type { Probe } from './endpoint.ts';
import { asModelError, type ClientFor } from './ollama-client.ts';
import { VersionAnswer } from './ollama-wire.ts';

/** The first version that gives log-probabilities. */
const oldest = [0, 12, 11] as const;

/** How long a server may take to say its version, milliseconds. */
const patienceMs = 5_000;

/** Asks a server for its version, and no more: nothing is loaded. Rejects only when the signal fires. */
export async function probe(host: string, clientFor: ClientFor, signal: AbortSignal): Promise<Probe> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    const { version } = VersionAnswer.parse(await clientFor(AbortSignal.any([signal, patience])).version());
    if (!isOlder(version)) return { state: 'ready', version, host };
    const detail = `version ${version}; ${oldest.join('.')} is the oldest that gives log-probabilities`;
    return { state: 'too-old', host, detail };
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted)
      return { state: 'unreachable', host, detail: `no answer within ${patienceMs / 1000} s` };
    const { reason, message } = asModelError(error, host);
    if (reason === 'refused') return { state: 'refused', host, detail: message };
    if (reason === 'unreachable') return { state: 'unreachable', host, detail: message };
    return { state: 'not-ollama', host, detail: message };
  }
}

function isOlder(version: string): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  // A build from source calls itself 0.0.0: nobody's old release.
  if (numbers.slice(0, 3).every((number) => number === 0)) return false;
  for (const [index, least] of oldest.entries()) {
    const found = numbers[index] ?? 0;
    if (found !== least) return found < least;
  }
  return false;
}
