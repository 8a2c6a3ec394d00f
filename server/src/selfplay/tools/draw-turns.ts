import type { ToolCall } from '../../../../protocol/group.ts';
import type { Sample, SampleRequest, Slot } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { mostPieces, promptMark, type ToolSession } from '../../tasks/tools/ask-with-tool.ts';
import { answerBehind, turnCode, turnEnds } from '../../tasks/tools/tool-turn.ts';
import { type Drawn, drawSample, nextRandomSeed } from '../draw-sample.ts';
import { type Kept, type PieceRun, runPiece } from './run-piece.ts';
import type { Turns } from './turns.ts';

/** What an attempt may run, and where. */
export interface ToolUse {
  readonly session: ToolSession;
  readonly sandbox: Pick<Sandbox, 'run'>;
}

/** Draws an attempt, in turns where it may run something. Rejects as `slot.sample` does. */
export function drawAttempt(
  slot: Pick<Slot, 'sample'>,
  request: SampleRequest,
  use: ToolUse | undefined,
  signal: AbortSignal,
): Promise<Drawn> {
  return use === undefined ? drawSample(slot, request, signal) : drawTurns(slot, request, use, signal);
}

/** A turn of the model, and what was put in before it; null before the first one. */
interface Turn {
  readonly before: Omit<ToolCall, 'at' | 'textAt' | 'promptTokens'> | null;
  readonly sample: Sample;
  readonly randomSeed: number;
}

/** How an attempt came to its end. */
interface End extends Pick<Turns, 'answer'> {
  /** Where it was cut, or broke off, at the end of a turn. */
  readonly finish?: 'length' | 'aborted';
}

/**
 * Draws an attempt that may run Python before it answers (tool-integrated reasoning: Agent0, arXiv 2511.16043, executor agent): the
 * model writes a piece of code, the sandbox runs it, what it showed is put behind it, and the model goes on. It ends with the answer,
 * or where a piece does not come to its end. Behind the last piece that it may write, or where no more tokens are left than an answer
 * takes, the answer's opening is put in, too. `request` is for all turns together: `numPredict` bounds the sum of their tokens. The
 * random seed of a turn follows from that of the turn before. A piece after which the model is not asked any more is no call.
 * Rejects as `slot.sample` does.
 */
export async function drawTurns(
  slot: Pick<Slot, 'sample'>,
  request: SampleRequest,
  { session, sandbox }: ToolUse,
  signal: AbortSignal,
): Promise<Drawn> {
  const turns: Turn[] = [];
  const kept: Kept[] = [];
  const { answer, finish } = await drawToEnd();
  const ran = kept.flatMap(({ code, shown: { raised } }) => (raised === null ? code : []));
  return {
    sample: { ...together(turns), ...(finish === undefined ? {} : { finish }) },
    randomSeed: turns[0]?.randomSeed ?? request.randomSeed,
    turns: { calls: callsOf(turns), answer, ran, isBroken: finish === 'aborted' },
  };

  async function drawToEnd(): Promise<End> {
    let { prompt, randomSeed } = request;
    let left = request.sampling.numPredict;
    let before: Turn['before'] = null;
    let isOpened = false;
    for (;;) {
      const sampling = { ...request.sampling, numPredict: left };
      const ends = isOpened ? request.ends : (text: string) => endsOf(text, session, request.ends);
      const drawn = await drawTurn({ ...request, prompt, randomSeed, sampling, ends });
      if (drawn === undefined) return { answer: null, finish: 'length' };
      const { sample } = drawn;
      turns.push({ ...drawn, before: before === null ? null : { ...before, randomSeed: drawn.randomSeed } });
      const answer = isOpened ? sample.text : answerBehind(session.opening, sample.text);
      if (answer !== undefined) return { answer };
      if (sample.finish !== 'delimiter') return { answer: null };
      left -= sample.completionTokens;
      if (left <= 0) return { answer: null, finish: 'length' };

      const code = turnCode(sample.text);
      const begun = performance.now();
      const piece = await run(code);
      if (piece === undefined) return { answer: null, finish: 'aborted' };
      if (piece.kept !== undefined) kept.push(piece.kept);
      isOpened = turns.length === mostPieces || left <= session.answerTokens;
      // A token may hold more than the end of the piece.
      const gap = sample.text.endsWith('\n') ? '' : '\n';
      const text = `${gap}${piece.text}${promptMark}${isOpened ? ` ${session.opening}` : ''}`;
      prompt += sample.text + text;
      randomSeed = nextRandomSeed(drawn.randomSeed);
      before = { code, outcome: piece.outcome, text, toolMs: performance.now() - begun, randomSeed };
    }
  }

  /** Undefined where what was put in made the text too long for the model: then the attempt is cut, as by its tokens. */
  async function drawTurn(asked: SampleRequest): Promise<Drawn | undefined> {
    try {
      return await drawSample(slot, asked, signal);
    } catch (error) {
      if (turns.length > 0 && ModelError.is(error, 'prompt-too-long')) return undefined;
      throw error;
    }
  }

  /** Undefined where the sandbox is broken. */
  async function run(code: string): Promise<PieceRun | undefined> {
    try {
      return await runPiece(session.scope, kept, code, sandbox, signal);
    } catch (error) {
      if (SandboxError.is(error) && !signal.aborted) return undefined;
      throw error;
    }
  }
}

/** Whether a turn is at its end: of its answer where it is one, else of its piece of code. */
function endsOf(text: string, { opening }: ToolSession, answerEnds: SampleRequest['ends']): boolean {
  const answer = answerBehind(opening, text);
  return answer === undefined ? turnEnds(text) : answerEnds(answer);
}

/** All turns as one sample. Tokens only where each turn has its own; of the prompt those of the first one, of which it is the prompt. */
function together(turns: readonly Turn[]): Sample {
  const samples = turns.map(({ sample }) => sample);
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  return {
    text: samples.map(({ text }) => text).join(''),
    tokens: hasTokens(turns) ? samples.flatMap(({ tokens }) => tokens) : [],
    finish: samples.at(-1)?.finish ?? 'aborted',
    promptCut: samples.some(({ promptCut }) => promptCut),
    promptTokens: samples[0]?.promptTokens ?? 0,
    completionTokens: sum(({ completionTokens }) => completionTokens),
    promptMs: sum(({ promptMs }) => promptMs),
    completionMs: sum(({ completionMs }) => completionMs),
    wallMs: sum(({ wallMs }) => wallMs),
  };
}

function hasTokens(turns: readonly Turn[]): boolean {
  return turns.every(
    ({ sample: { tokens, completionTokens } }) => tokens.length > 0 || completionTokens === 0,
  );
}

function callsOf(turns: readonly Turn[]): ToolCall[] {
  const hasThem = hasTokens(turns);
  const calls: ToolCall[] = [];
  let at = 0;
  let textAt = 0;
  for (const { before, sample } of turns) {
    if (before !== null)
      calls.push({ ...before, at: hasThem ? at : 0, textAt, promptTokens: sample.promptTokens });
    at += sample.tokens.length;
    textAt += Buffer.byteLength(sample.text);
  }
  return calls;
}
