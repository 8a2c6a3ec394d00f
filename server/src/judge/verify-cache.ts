import { createHash } from 'node:crypto';
import { dropOldest } from '../drop-oldest.ts';
import type { Execution, Sandbox, Verified } from '../sandbox/sandbox.ts';
import { encode } from '../values/canonical.ts';

/** Executions remembered per sandbox; a value has at most 16 KiB. */
const maxEntries = 2000;

/** What each sandbox found, least recently used first. Siblings of a group share programs and often answers. */
const found = new WeakMap<Sandbox, Map<string, Verified>>();

/** An execution as the judge asks for it: nothing but what decides its result. */
export type JudgedExecution = Pick<Execution, 'program' | 'entry' | 'call'>;

/**
 * `sandbox.verify`, remembered by program, entry, call and backend version. What depends on the moment is not remembered: limits,
 * crashes and violations are found anew, and so is drift, which a limit in one image looks like.
 */
export async function verifyOnce(
  execution: JudgedExecution,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Verified> {
  signal.throwIfAborted();
  const cache = cacheOf(sandbox);
  const key = cacheKey(execution, sandbox);
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const verified = await sandbox.verify(execution, signal);
  if (isLasting(verified)) {
    cache.set(key, verified);
    dropOldest(cache, maxEntries);
  }
  return verified;
}

function cacheOf(sandbox: Sandbox): Map<string, Verified> {
  const cache = found.get(sandbox) ?? new Map<string, Verified>();
  found.set(sandbox, cache);
  return cache;
}

function cacheKey({ program, entry, call }: JudgedExecution, { backend }: Sandbox): string {
  const hash = createHash('sha256');
  const { name, version, python } = backend;
  hash.update(JSON.stringify([name, version, python, entry, program]));
  hash.update(encode({ type: 'tuple', items: call }));
  return hash.digest('base64');
}

function isLasting({ outcome }: Verified): boolean {
  return outcome === 'ok' || outcome === 'exception' || outcome === 'unencodable' || outcome === 'refused';
}
