import { z } from 'zod';
import { Verdict } from './judge.ts';
import { Kind, Role } from './kind.ts';
import { Estimator, PresetName } from './preset.ts';
import { Backend } from './sandbox.ts';
import { UnitRef } from './seed.ts';
import { TrivialSolver, WorthReason } from './task.ts';

/** One sampled token: its bytes (base64; the text alone may split a UTF-8 character) and the log-probability that the sampler reported. */
export const Token = z.object({ bytes: z.string(), logprob: z.number() });
export type Token = z.infer<typeof Token>;

/**
 * Why sampling ended. `delimiter`: the answer's closing delimiter came, that token included; `end`: the model ended by
 * itself; `length`: cut at `num_predict`; `stall`: no token came in time; `aborted`: we closed the request before an end.
 */
export const Finish = z.enum(['delimiter', 'end', 'length', 'stall', 'aborted']);
export type Finish = z.infer<typeof Finish>;

/** Sampling options as sent. On-policy means temperature 1, top_k 0, top_p 1, min_p 0, repeat_penalty 1. */
export const Sampling = z.object({
  temperature: z.number(),
  topK: z.number().int(),
  topP: z.number(),
  minP: z.number(),
  repeatPenalty: z.number(),
  numPredict: z.number().int().positive(),
  numCtx: z.number().int().positive(),
});
export type Sampling = z.infer<typeof Sampling>;

/**
 * Why a group may not be trained on with a likelihood ratio. `unjudged`: a sample of it has no verdict; `canary`: its gold is random
 * bits (docs/self-play.md, "Canaries").
 */
export const NotTrainable = z.enum([
  'off-policy',
  'prompt-cut',
  'digest-changed',
  'no-logprobs',
  'unjudged',
  'canary',
]);
export type NotTrainable = z.infer<typeof NotTrainable>;

/** Why a proposal is not a task. */
export const ProposalReason = z.enum([
  'malformed',
  'cut',
  'syntax',
  'no-entry',
  'arguments',
  'exception',
  'limit',
  'violation',
  'crash',
  'unencodable',
  'drifts',
  'none-output',
  'too-large',
  'answer-in-prompt',
  'held-out',
  'leaks',
  'too-few-calls',
  'not-composed',
  'sandbox',
]);
export type ProposalReason = z.infer<typeof ProposalReason>;

/** The judge's finding on one proposal. */
export const ProposalVerdict = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('valid') }),
  z.object({ verdict: z.literal('invalid'), reason: ProposalReason }),
  z.object({
    verdict: z.literal('not-new'),
    /**
     * `rejected-pattern`: people rejected a task of the same kind about a program of the same shape; `same-task`: there is a record of
     * this very task, of an abduction by another call that gives the same output.
     */
    reason: z.enum([
      'same-program',
      'same-behaviour',
      'same-call',
      'same-branches',
      'same-message',
      'same-task',
      'rejected-pattern',
    ]),
  }),
  z.object({ verdict: z.literal('trivial'), reason: TrivialSolver }),
  /** It runs and is new, and solving it would teach nothing. */
  z.object({ verdict: z.literal('not-worth'), reason: WorthReason }),
]);
export type ProposalVerdict = z.infer<typeof ProposalVerdict>;

/** A reward with the parts that it was made from (docs/self-play.md, "Rewards"). */
export const Reward = z.object({ total: z.number(), parts: z.record(z.string(), z.number()) });
export type Reward = z.infer<typeof Reward>;

const SampleBase = z.object({
  index: z.number().int().nonnegative(),
  /** The completion as it was kept, up to and with the answer's last token; what the model wrote, and nothing of a tool's. */
  text: z.string(),
  /** What the parser took out of `text`; null where it found nothing well-formed. */
  answer: z.string().nullable(),
  tokens: z.array(Token),
  finish: Finish,
  randomSeed: z.number().int(),
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  /** Milliseconds that the model spent on the prompt and on the completion, as it reports them. */
  promptMs: z.number().nonnegative(),
  completionMs: z.number().nonnegative(),
  /** False where a token holds a part of a character only, which cannot be trained on. */
  trainable: z.boolean(),
  reward: Reward,
});

/**
 * How a piece of Python ended that a model ran on its way to an answer. `blank`: nothing but a comment, nothing ran; `refused`: too
 * much code; `drifts`: what ran before gave something else this time; the others as the sandbox says.
 */
export const ToolOutcome = z.enum([
  'ran',
  'raised',
  'blank',
  'limit',
  'violation',
  'crash',
  'refused',
  'drifts',
]);
export type ToolOutcome = z.infer<typeof ToolOutcome>;

/** A piece of Python that a model wrote on its way to an answer, and what was put into the text behind it (docs/protocol.md). */
export const ToolCall = z.object({
  /** How many of the attempt's tokens stand before it. */
  at: z.number().int().nonnegative(),
  /** How many bytes of `text` in UTF-8 stand before it. */
  textAt: z.number().int().nonnegative(),
  code: z.string(),
  outcome: ToolOutcome,
  /** What was put in, to the letter: no token of the model's, never trained on. */
  text: z.string(),
  /** Milliseconds that the model waited for it. */
  toolMs: z.number().nonnegative(),
  /** Of the sampling that goes on behind it: its random seed, and the tokens of all that stood before. */
  randomSeed: z.number().int(),
  promptTokens: z.number().int().nonnegative(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const Attempt = SampleBase.extend({
  verdict: Verdict,
  /** What it ran, in order, where it may run Python before it answers; absent where it may not. */
  tool: z.array(ToolCall).optional(),
  /** Milliseconds that the model spent on judging it: on the programs that it rebuilt from a message. */
  judgingMs: z.number().nonnegative().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** How often an attempt ran something. */
export function toolCalls({ tool = [] }: Pick<Attempt, 'tool'>): number {
  return tool.filter(({ outcome }) => outcome !== 'blank').length;
}

export const Proposal = SampleBase.extend({
  verdict: ProposalVerdict,
  /** Id of the task it became; null where it became none. */
  taskId: z.string().nullable(),
});
export type Proposal = z.infer<typeof Proposal>;

const GroupBase = z.object({
  schema: z.literal(1),
  id: z.string(),
  runId: z.string(),
  /** What the rewards are, and how the trainer is to make advantages of them. Groups of before there were presets have the defaults. */
  preset: PresetName.default('autodidact'),
  estimator: Estimator.default('leave-one-out'),
  kind: Kind,
  /** The prompt form within the cell: `call`, `variant`, `easier`, `composition`, `program`, `message` for proposals, for attempts the frame of their style (`session` where the model was not calibrated). */
  form: z.string(),
  promptVersion: z.string(),
  /** The exact text that the model saw. */
  prompt: z.string(),
  model: z.object({ name: z.string(), digest: z.string() }),
  sampling: Sampling,
  trainable: z.boolean(),
  notTrainable: NotTrainable.nullable(),
  unit: UnitRef,
  backend: Backend,
  /** ISO 8601. */
  createdAt: z.string(),
});

/** The samples drawn for one prompt, with verdicts and rewards: the unit of the stream to a trainer. */
export const Group = z.discriminatedUnion('role', [
  GroupBase.extend({ role: z.literal(Role.enum.propose), samples: z.array(Proposal) }),
  GroupBase.extend({ role: z.literal(Role.enum.solve), taskId: z.string(), samples: z.array(Attempt) }),
]);
export type Group = z.infer<typeof Group>;
export type ProposeGroup = Extract<Group, { role: 'propose' }>;
export type SolveGroup = Extract<Group, { role: 'solve' }>;
