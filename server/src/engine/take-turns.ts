import { randomInt } from 'node:crypto';
import { isRight } from '../../../protocol/judge.ts';
import type { PresetName } from '../../../protocol/preset.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Endpoint, ModelInfo } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { heldOutText } from '../selfplay/held-out/held-out-text.ts';
import { findingText } from '../selfplay/monitors/finding-text.ts';
import { type PlayEvent, type PlayOptions, play } from '../selfplay/play.ts';
import type { PoolMember } from '../selfplay/scheduling/member.ts';
import type { SuspendReason } from '../selfplay/scheduling/suspension.ts';
import type { Engine } from './engine.ts';

/** What was played so far. `attempts` counts answers to tasks, `right` those that were right. */
export interface PlayProgress {
  readonly groups: number;
  readonly attempts: number;
  readonly right: number;
  /** Why playing waits now, if it does; it goes on by itself. */
  readonly suspended?: SuspendReason;
}

export interface Turns {
  readonly engines: readonly Engine[];
  /** The last run of each folder; a run of the same weights and preset is gone on with. */
  readonly runs: Map<Engine, Run>;
  readonly sandbox: Sandbox;
  readonly endpoint: Endpoint;
  readonly model: ModelInfo;
  readonly preset: PresetName;
  readonly takeOver: boolean;
  readonly suspend: NonNullable<PlayOptions['suspend']>;
  readonly members: readonly PoolMember[];
  readonly onProgress: (progress: PlayProgress) => void;
  /** What monitors found and what is held out, in words for the log. */
  readonly onTold: (text: string) => void;
}

/** How long one folder is played before it is the next one's turn, minutes. */
const turnMinutes = 2;

/**
 * Plays folder after folder, one model's requests at a time. Resolves to why it ended; rejects as `play` does. A folder
 * that is closed, or has nothing to play, loses its turn.
 */
export async function takeTurns(
  turns: Turns,
  signal: AbortSignal,
): Promise<'paused' | 'taken-over' | 'nothing-to-play'> {
  let progress: PlayProgress = { groups: 0, attempts: 0, right: 0 };
  const onEvent = (event: PlayEvent) => {
    if (event.type === 'finding') turns.onTold(findingText(event.finding));
    if (event.type === 'held-out' || event.type === 'too-few-held-out') turns.onTold(heldOutText(event));
    if (event.type === 'group') progress = { ...progress, ...counted(progress, event) };
    if (event.type === 'suspended') progress = { ...progress, suspended: event.reason };
    if (event.type === 'goes-on' || event.type === 'run') progress = withoutSuspension(progress);
    if (event.type !== 'asked') turns.onProgress(progress);
  };
  let playing = turns.engines;
  while (playing.length > 0) {
    for (const engine of playing) {
      const run = await turn(engine, turns, playing.length > 1, onEvent, signal);
      if (signal.aborted) return 'paused';
      if (run?.reason === 'taken-over') return 'taken-over';
      // What a monitor ended, only a person starts again.
      const isOver = ['nothing-to-play', 'monitor', 'canary-solved'].includes(run?.reason ?? '');
      if (run === undefined || engine.closing.aborted || isOver) {
        playing = playing.filter((other) => other !== engine);
      }
    }
  }
  return 'nothing-to-play';
}

/** One folder's turn; undefined where the folder was closed before it could play. */
async function turn(
  engine: Engine,
  { runs, sandbox, endpoint, members, model, preset, takeOver, suspend }: Turns,
  bounded: boolean,
  onEvent: (event: PlayEvent) => void,
  signal: AbortSignal,
): Promise<Run | undefined> {
  const last = runs.get(engine);
  const isSame = last?.model.digest === model.digest && last.preset === preset;
  const resume = isSame ? last : undefined;
  const options: PlayOptions = {
    folder: engine.folder,
    model: model.name,
    preset,
    randomSeed: resume?.randomSeed ?? randomInt(2 ** 31),
    stream: false,
    takeOver,
    suspend,
    ...(resume === undefined ? {} : { resume }),
    ...(bounded ? { minutes: (resume?.playedMs ?? 0) / 60_000 + turnMinutes } : {}),
  };
  const stop = AbortSignal.any([signal, engine.closing]);
  return engine.occupy({ type: 'playing' }, async () => {
    try {
      const parts = { store: await engine.store(), sandbox, endpoint, members, onEvent };
      const run = await play(options, parts, stop);
      runs.set(engine, run);
      return run;
    } catch (error) {
      if (engine.closing.aborted) return undefined;
      throw error;
    } finally {
      engine.become({ type: 'none' });
    }
  });
}

function withoutSuspension({ suspended: _, ...progress }: PlayProgress): PlayProgress {
  return progress;
}

function counted(progress: PlayProgress, { group }: Extract<PlayEvent, { type: 'group' }>): PlayProgress {
  const groups = progress.groups + 1;
  if (group.role === 'propose') return { ...progress, groups };
  const right = group.samples.filter(({ verdict }) => isRight(verdict)).length;
  return { groups, attempts: progress.attempts + group.samples.length, right: progress.right + right };
}
