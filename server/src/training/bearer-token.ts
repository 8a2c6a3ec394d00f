import { open } from 'node:fs/promises';
import { StreamError } from './stream-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Longest token that is read, bytes. */
const longest = 8 * 1024;

/** The variable that holds the token of a receiver: of the stream's, or of a trainer. */
export type TokenVariable = 'AUTODIDACT_STREAM_TOKEN' | 'AUTODIDACT_TRAINER_TOKEN';

/**
 * The token for the receiver, or undefined: that variable's value, else the content of the file that the variable of the same name with
 * `_FILE` names, which only its owner may read. Never a flag, because other users of a machine see those. Rejects with `token`.
 */
export async function bearerToken(
  env: Environment,
  variable: TokenVariable,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const given = env[variable];
  if (given) return checked(given, variable);
  const named = `${variable}_FILE`;
  const file = env[named];
  return file ? checked(await readPrivate(file, named, platform), file) : undefined;
}

async function readPrivate(file: string, named: string, platform: NodeJS.Platform): Promise<string> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new StreamError('token', `${file} cannot be read (${error.code}). Check ${named}.`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > longest) {
      throw new StreamError('token', `${file} holds no token. Put the token alone into it.`);
    }
    // Windows has no such bits; there the user's profile is private by its access list.
    if (platform !== 'win32' && (found.mode & 0o077) !== 0) {
      throw new StreamError('token', `Others can read ${file}. Make it private: chmod 600 '${file}'`);
    }
    return (await handle.readFile('utf8')).trim();
  } finally {
    await handle.close();
  }
}

/** A token of visible ASCII characters: what a header can carry. */
function checked(token: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new StreamError(
    'token',
    `The token in ${source} is empty or has characters that a header cannot carry.`,
  );
}
