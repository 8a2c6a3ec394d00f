import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Exported } from '../../../../protocol/trainer.ts';
import { sha256Of } from '../../model/create-from-file.ts';
import type { WeightsFile } from '../publish/candidate.ts';
import { type FreeBytes, tooLittleRoom } from '../publish/room.ts';
import { TrainerError } from './trainer-error.ts';
import { asFailure, askOnce, patiently, type TrainerLine } from './trainer-request.ts';

export interface FetchPlace {
  /** Made, private to its owner, where it is missing. */
  readonly folder: string;
  readonly free: FreeBytes;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Fetches an export into `<folder>/<SHA-256>.gguf`. One that is there is not fetched again, and a part that is there is gone on with. What
 * came counts only once its SHA-256 is the one told; otherwise it is fetched anew, once. Rejects with `TrainerError`: `no-room`,
 * `bad-file`, and as `ask` does.
 */
export async function fetchExport(
  line: TrainerLine,
  at: string,
  exported: Exported,
  { folder, free, onProgress }: FetchPlace,
  signal: AbortSignal,
): Promise<WeightsFile> {
  const { form, type, sha256, bytes } = exported;
  const file = path.join(folder, `${sha256}.gguf`);
  const part = `${file}.part`;
  const told = { form, type, sha256, path: file };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await sizeOf(file)) === bytes && (await sha256Of(file, signal)) === sha256) return told;
  const lacking = bytes - (await sizeOf(part));
  if ((await tooLittleRoom(folder, lacking, free)) !== undefined) throw noRoom(folder, lacking);
  for (const isLast of [false, true]) {
    const fetching: Fetching = { path: `${at}?form=${form}&type=${type}`, part, exported, onProgress };
    await patiently(line.clock, () => fetchRest(line, fetching, signal), signal);
    if ((await sha256Of(part, signal)) === sha256) break;
    await rm(part, { force: true });
    if (isLast)
      throw new TrainerError(
        'bad-file',
        `What ${line.url.host} sent is twice not the file that it told of. Look into the trainer’s log.`,
      );
  }
  await rename(part, file);
  return told;
}

interface Fetching {
  readonly path: string;
  readonly part: string;
  readonly exported: Exported;
  readonly onProgress: FetchPlace['onProgress'];
}

/** Fetches what a part lacks; all of it where the server does not go on from there. */
async function fetchRest(
  line: TrainerLine,
  { path: at, part, exported: { sha256, bytes }, onProgress }: Fetching,
  signal: AbortSignal,
): Promise<void> {
  const have = await sizeOf(part);
  if (have === bytes) return;
  // Longer than told: none of it can be trusted.
  const from = have > bytes ? 0 : have;
  const headers: Record<string, string> =
    from === 0 ? {} : { range: `bytes=${from}-`, 'if-range': `"${sha256}"` };
  const answer = await askOnce(line, { method: 'GET', path: at, headers }, signal);
  const goesOn = answer.statusCode === 206 && rangeStart(answer.headers['content-range']) === from;
  if (answer.statusCode === 206 && !goesOn) {
    answer.body.on('error', () => undefined).destroy();
    throw new TrainerError('bad-file', `${line.url.host} sent another part than was asked for. Train again.`);
  }
  let done = goesOn ? from : 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _, pass) {
      done += chunk.length;
      onProgress(Math.min(done, bytes), bytes);
      if (done <= bytes) pass(null, chunk);
      else pass(new TrainerError('bad-file', `${line.url.host} sends more than it told of. Train again.`));
    },
  });
  const output = createWriteStream(part, { flags: goesOn ? 'a' : 'w', mode: 0o600 });
  try {
    await pipeline(answer.body, bounded, output, { signal });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw noRoom(path.dirname(part), bytes - done);
    throw asFailure(error, line.url, signal);
  }
  if (done < bytes)
    throw new TrainerError('unreachable', `${line.url.host} ended in the middle of a file. Train again.`);
}

function noRoom(folder: string, bytes: number): TrainerError {
  return new TrainerError(
    'no-room',
    `The export takes ${Math.ceil(bytes / 1e6)} MB more, for which ${folder} has no room. Free some.`,
  );
}

/** Bytes of a file; 0 where there is none. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function rangeStart(header: string | readonly string[] | undefined): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(String(header)) ?? [];
  return start === undefined ? undefined : Number(start);
}
