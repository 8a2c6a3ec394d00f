import { RoundState, TrainerEvent } from '../../../../protocol/trainer.ts';
import { ModelError } from '../../model/model-error.ts';
import { serverSentEvents } from '../../model/server-sent-events.ts';
import { backoff } from '../backoff.ts';
import { TrainerError } from './trainer-error.ts';
import { asFailure, ask, askOnce, type TrainerLine } from './trainer-request.ts';

/** How far a round is. */
export interface RoundProgress {
  readonly state: RoundState['state'];
  readonly steps: number;
  /** Tokens trained so far. */
  readonly tokens: number;
}

export interface Following {
  readonly run: string;
  readonly round: number;
  readonly onProgress: (progress: RoundProgress) => void;
}

const noProgress: RoundProgress = { state: 'waiting', steps: 0, tokens: 0 };

/** The longest pause between two looks at a round whose events cannot be followed, milliseconds. */
const longestPause = 5_000;

/**
 * Waits until a round is `done` or `failed`. Events tell when it is worth looking and how far it is; what counts is the round's own
 * state, so that events that are lost, old or of another form change nothing. Rejects as `ask` does.
 */
export async function followRound(
  line: TrainerLine,
  { run, round, onProgress }: Following,
  signal: AbortSignal,
): Promise<RoundState> {
  const runPath = `v1/runs/${encodeURIComponent(run)}`;
  const follower: Follower = { last: '0', round, onProgress, progress: noProgress };
  for (let failures = 0; ; ) {
    const state = await ask(line, { method: 'GET', path: `${runPath}/rounds/${round}` }, RoundState, signal);
    follower.progress = progressOf(state);
    onProgress(follower.progress);
    if (hasEnded(state)) return state;
    const before = follower.last;
    const told = await followEvents(line, `${runPath}/events`, follower, signal);
    if (told === 'ended') continue;
    failures = follower.last === before ? failures + 1 : 1;
    await line.clock.sleep(Math.min(longestPause, backoff(failures, line.clock.random)), signal);
  }
}

interface Follower extends Pick<Following, 'round' | 'onProgress'> {
  /** Id of the last event that came. */
  last: string;
  progress: RoundProgress;
}

/** Reads events until one says that the round ended, or no more come, for whatever reason but the signal. */
async function followEvents(
  line: TrainerLine,
  path: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<'ended' | 'broken'> {
  const { round, onProgress } = follower;
  try {
    const headers = { accept: 'text/event-stream', 'last-event-id': follower.last };
    const { body } = await askOnce(line, { method: 'GET', path, headers }, signal);
    for await (const { id, data } of serverSentEvents(body, line.url.host)) {
      if (/^\d+$/.test(id)) follower.last = id;
      const event = eventOf(data);
      if (event?.type === 'round' && event.state.round === round) {
        follower.progress = progressOf(event.state);
        if (hasEnded(event.state)) return 'ended';
      } else if (event?.type === 'step' && event.round === round) {
        const { steps, tokens } = follower.progress;
        follower.progress = { state: 'training', steps: steps + 1, tokens: tokens + event.step.tokens };
      } else continue;
      onProgress(follower.progress);
    }
    return 'broken';
  } catch (error) {
    const failure = ModelError.is(error) ? error : asFailure(error, line.url, signal);
    // Whatever it is, looking at the round itself tells whether it matters.
    if (TrainerError.is(failure) || ModelError.is(failure)) return 'broken';
    throw failure;
  }
}

function hasEnded({ state }: RoundState): boolean {
  return state === 'done' || state === 'failed';
}

function progressOf({ state, steps }: RoundState): RoundProgress {
  return { state, steps: steps.length, tokens: steps.reduce((sum, { tokens }) => sum + tokens, 0) };
}

function eventOf(data: string): TrainerEvent | undefined {
  try {
    return TrainerEvent.parse(JSON.parse(data));
  } catch {
    return undefined;
  }
}
