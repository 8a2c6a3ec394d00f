import path from 'node:path';
import type { Environment } from './bearer-token.ts';
import { fileTarget } from './file-target.ts';
import { httpTarget } from './http-target.ts';
import { StreamError } from './stream-error.ts';
import type { Target } from './target.ts';

/** The target that a person named: an http or https address, else a file. Rejects with `StreamError`. */
export async function openTarget(named: string, env: Environment): Promise<Target> {
  if (named === '') throw new StreamError('bad-target', 'Name a file or an http address to stream to.');
  // `C:\groups` is a path: a scheme has two letters or more, and an authority.
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(named)) return fileTarget(path.resolve(named));
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new StreamError('bad-target', `${named} is no http address. Name a file or an http address.`);
  }
  return httpTarget(url, env);
}
