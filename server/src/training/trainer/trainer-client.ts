import { z } from 'zod';
import type { Group } from '../../../../protocol/group.ts';
import {
  Exported,
  type ExportRequest,
  Published,
  RecordsTaken,
  Rescored,
  type RoundRequest,
  RoundState,
  TrainerHealth,
  TrainingRun,
  trainerProtocol,
} from '../../../../protocol/trainer.ts';
import { batchLimits, batchText, makeBatch } from '../batch.ts';
import type { Environment } from '../bearer-token.ts';
import type { WeightsFile } from '../publish/candidate.ts';
import type { Rescorer } from '../publish/rescorer.ts';
import { type FreeBytes, freeBytes } from '../publish/room.ts';
import { type ReceiverPatience, receiverConnection } from '../receiver-connection.ts';
import { StreamError } from '../stream-error.ts';
import { fetchExport } from './fetch-export.ts';
import { followRound, type RoundProgress } from './follow-round.ts';
import { TrainerError } from './trainer-error.ts';
import { type AskingClock, ask, realClock, type TrainerLine } from './trainer-request.ts';

export interface TrainerClientOptions {
  /** Where the token (`AUTODIDACT_TRAINER_TOKEN`) and the proxies are looked up. */
  readonly env: Environment;
  readonly patience?: ReceiverPatience;
  readonly clock?: AskingClock;
  readonly free?: FreeBytes;
}

const defaultPatience: ReceiverPatience = { connect: 5_000, answer: 60_000, stall: 45_000 };

/** Connections at once: one follows events while others ask. */
const connections = 4;

/** How long exporting and scoring may take, milliseconds: the base is loaded first. */
const computingMs = 15 * 60_000;

/** A record that the trainer did not take. */
export type RefusedRecord = Pick<RecordsTaken['refused'][number], 'reason' | 'detail'> & {
  readonly id: string;
};

/** What became of groups that were handed over. */
export interface GroupsTaken {
  readonly stored: number;
  readonly known: number;
  readonly refused: readonly RefusedRecord[];
}

/**
 * A trainer's API (protocol/trainer.ts). All of it rejects with `TrainerError`, or as the signal says; what may pass is tried again for
 * about a quarter of a minute. All of it may be called again.
 */
export interface TrainerClient {
  /** As a person named it; holds no secret. */
  readonly name: string;
  /** Sees that a trainer of our protocol listens: `not-a-trainer`, `other-protocol`. */
  health(signal: AbortSignal): Promise<TrainerHealth>;
  /** Hands groups over in bodies of bounded size; resolves once all are on the trainer's disk. `onTaken` hears of the ids of each body. */
  putGroups(
    groups: readonly Group[],
    signal: AbortSignal,
    onTaken?: (ids: readonly string[]) => Promise<void>,
  ): Promise<GroupsTaken>;
  putRun(run: TrainingRun, signal: AbortSignal): Promise<TrainingRun>;
  putRound(run: string, round: number, request: RoundRequest, signal: AbortSignal): Promise<RoundState>;
  round(run: string, round: number, signal: AbortSignal): Promise<RoundState>;
  /** Waits until a round is `done` or `failed`, and tells how far it is. */
  waitForRound(
    run: string,
    round: number,
    onProgress: (progress: RoundProgress) => void,
    signal: AbortSignal,
  ): Promise<RoundState>;
  /** Has a round exported, and fetches the file into a folder: `no-room`, `bad-file`. Goes on with what an earlier call left there. */
  exportTo(
    folder: string,
    run: string,
    round: number,
    form: ExportRequest,
    signal: AbortSignal,
    onProgress?: (doneBytes: number, totalBytes: number) => void,
  ): Promise<WeightsFile>;
  published(run: string, round: number, published: Published, signal: AbortSignal): Promise<Published>;
  /** Scores with the weights after a round; 0 is the base. */
  rescorer(run: string, round: number): Rescorer;
  close(): Promise<void>;
}

/** A client of the trainer at an address; asks nothing yet. Rejects with `TrainerError`: `bad-address`, `token`. */
export async function trainerClient(address: string, options: TrainerClientOptions): Promise<TrainerClient> {
  const { env, patience = defaultPatience, clock = realClock, free = freeBytes } = options;
  const url = addressOf(address);
  const tokenIn = 'AUTODIDACT_TRAINER_TOKEN';
  const connection = await receiverConnection(url, { env, tokenIn, patience, connections }).catch(
    (error: unknown) => {
      if (!StreamError.is(error)) throw error;
      throw new TrainerError(error.reason === 'token' ? 'token' : 'bad-address', error.message);
    },
  );
  const line: TrainerLine = { ...connection, url, clock };
  const path = (run: string, round: number) => `v1/runs/${encodeURIComponent(run)}/rounds/${round}`;
  return {
    name: url.href,
    health: (signal) => health(line, signal),
    putGroups: (groups, signal, onTaken) => putGroups(line, groups, signal, onTaken),
    putRun: (run, signal) =>
      ask(
        line,
        { method: 'PUT', path: `v1/runs/${encodeURIComponent(run.id)}`, json: run },
        TrainingRun,
        signal,
      ),
    putRound: (run, round, request, signal) =>
      ask(line, { method: 'PUT', path: path(run, round), json: request }, RoundState, signal),
    round: (run, round, signal) => ask(line, { method: 'GET', path: path(run, round) }, RoundState, signal),
    waitForRound: (run, round, onProgress, signal) => followRound(line, { run, round, onProgress }, signal),
    async exportTo(folder, run, round, form, signal, onProgress = () => undefined) {
      const at = `${path(run, round)}/export`;
      const question = { method: 'PUT', path: at, json: form, answerMs: computingMs } as const;
      const exported = await ask(line, question, Exported, signal);
      return fetchExport(line, at, exported, { folder, free, onProgress }, signal);
    },
    published: (run, round, published, signal) =>
      ask(line, { method: 'PUT', path: `${path(run, round)}/published`, json: published }, Published, signal),
    rescorer: (run, round) => ({
      rescore: (groups, signal) => rescored(line, `${path(run, round)}/rescore`, groups, signal),
    }),
    close: () => connection.dispatcher.destroy(),
  };
}

function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new TrainerError(
    'bad-address',
    `${address} is no http address. Name one such as http://127.0.0.1:8000.`,
  );
}

async function health(line: TrainerLine, signal: AbortSignal): Promise<TrainerHealth> {
  const { host } = line.url;
  const question = { method: 'GET', path: 'v1/health' } as const;
  const found = await ask(line, question, z.unknown(), signal);
  const read = TrainerHealth.safeParse(found);
  if (!read.success)
    throw new TrainerError('not-a-trainer', `What answers at ${host} is no trainer. Check the address.`);
  const { protocol, version } = read.data;
  if (protocol === trainerProtocol) return read.data;
  throw new TrainerError(
    'other-protocol',
    `The trainer at ${host} (${version}) speaks protocol ${protocol}, this program ${trainerProtocol}. Update the older of the two.`,
  );
}

async function putGroups(
  line: TrainerLine,
  groups: readonly Group[],
  signal: AbortSignal,
  onTaken: (ids: readonly string[]) => Promise<void> = async () => undefined,
): Promise<GroupsTaken> {
  let [stored, known] = [0, 0];
  const refused: RefusedRecord[] = [];
  for (let sent = 0; sent < groups.length; ) {
    const batch = makeBatch(
      groups.slice(sent, sent + batchLimits.groups).map((group, position) => ({ position, group })),
    );
    const question = { method: 'POST', path: 'v1/groups', ndjson: batchText(batch) } as const;
    const taken = await ask(line, question, RecordsTaken, signal);
    stored += taken.stored;
    known += taken.known;
    for (const { line: number, reason, detail } of taken.refused)
      refused.push({ id: batch[number - 1]?.id ?? '', reason, detail });
    const gone = new Set(refused.map(({ id }) => id));
    await onTaken(batch.map(({ id }) => id).filter((id) => !gone.has(id)));
    sent += batch.length;
  }
  return { stored, known, refused };
}

async function rescored(
  line: TrainerLine,
  path: string,
  ndjson: string,
  signal: AbortSignal,
): Promise<Rescored | undefined> {
  try {
    return await ask(line, { method: 'POST', path, ndjson, answerMs: computingMs }, Rescored, signal);
  } catch (error) {
    if (TrainerError.is(error, 'nothing-recorded')) return undefined;
    throw error;
  }
}
