import { z } from 'zod';
import { NotTrainable } from './group.ts';

/**
 * What the trainer's HTTP API takes and gives (docs/training.md). Bodies of many records are NDJSON; all others are one JSON document.
 * All but `/v1/health` ask for the bearer token.
 *
 * | request | body | answer |
 * |---|---|---|
 * | `GET /v1/health` | | `TrainerHealth` |
 * | `POST /v1/groups` | lines of `Group` | `RecordsTaken`, once all of it is on disk |
 * | `POST /v1/examples` | lines of `Example` | `RecordsTaken`, likewise |
 * | `PUT /v1/runs/{run}` | `TrainingRun` | `TrainingRun`; again with the same body: the same; with another: 409 |
 * | `PUT /v1/runs/{run}/rounds/{n}` | `RoundRequest` | 202 `RoundState`; again with the same body: as it stands now, and what failed begins again; with another: 409 |
 * | `GET /v1/runs/{run}/rounds/{n}` | | `RoundState` |
 * | `PUT /v1/runs/{run}/rounds/{n}/export` | `ExportRequest` | `Exported`; round 0 is the base as it was |
 * | `GET /v1/runs/{run}/rounds/{n}/export?form=…&type=…` | | the bytes of the GGUF file |
 * | `PUT /v1/runs/{run}/rounds/{n}/published` | `Published` | `Published`: groups of this digest are of these weights; again with another: this one stands |
 * | `POST /v1/runs/{run}/rounds/{n}/rescore` | lines of `Group` | `Rescored`, by the bounds of the type that was published |
 * | `GET /v1/runs/{run}/events` | | server-sent events: `TrainerEvent`, ids counted from 1; `Last-Event-ID` goes on behind one |
 * | `GET /metrics` | | Prometheus' text format |
 */
export const trainerProtocol = 1;

/** Says that a trainer listens, to whoever asks. */
export const TrainerHealth = z.object({
  service: z.literal('autodidact-trainer'),
  protocol: z.number().int(),
  version: z.string(),
});
export type TrainerHealth = z.infer<typeof TrainerHealth>;

/**
 * Why the trainer did not do what it was asked. `damaged`: what it kept is not what it wrote, or gives no numbers; `internal`: a fault of
 * its own, written to its log.
 */
export const TrainerErrorReason = z.enum([
  'unauthorised',
  'too-large',
  'malformed',
  'no-such-run',
  'no-such-round',
  'differs',
  'not-in-order',
  'busy',
  'base-missing',
  'base-unknown',
  'disk-full',
  'not-done',
  'nothing-recorded',
  'damaged',
  'no-such-route',
  'internal',
]);
export type TrainerErrorReason = z.infer<typeof TrainerErrorReason>;

/** The body of every answer that is no success. */
export const TrainerProblem = z.object({ reason: TrainerErrorReason, detail: z.string() });
export type TrainerProblem = z.infer<typeof TrainerProblem>;

/** Why a line was not stored; the others of its body were. */
export const LineReason = z.enum([
  'too-long',
  'cut-off',
  'not-json',
  'unknown-schema',
  'malformed',
  'differs',
]);
export type LineReason = z.infer<typeof LineReason>;

/** What became of the lines of a body. `known`: stored before, by id. Refused lines are kept apart, and never asked for again. */
export const RecordsTaken = z.object({
  stored: z.number().int().nonnegative(),
  known: z.number().int().nonnegative(),
  refused: z.array(
    z.object({
      line: z.number().int().positive(),
      id: z.string().nullable(),
      reason: LineReason,
      detail: z.string(),
    }),
  ),
});
export type RecordsTaken = z.infer<typeof RecordsTaken>;

/** What supervised training learns from: a prompt as a model sees it, and the text that is right, with the token that ends it. */
export const Example = z.object({
  schema: z.literal(1),
  id: z.string(),
  kind: z.string(),
  prompt: z.string(),
  target: z.string(),
});
export type Example = z.infer<typeof Example>;

const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

/** Which weights are trained: low-rank adapters on all linear layers, or all weights. */
export const PolicyChoice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('lora'),
    rank: z.number().int().positive().max(256),
    alpha: z.number().int().positive().max(1024),
    learningRate: z.number().positive().max(1),
  }),
  z.object({ type: z.literal('full'), learningRate: z.number().positive().max(1) }),
]);
export type PolicyChoice = z.infer<typeof PolicyChoice>;

/** A run of training: one base, one policy, rounds 1, 2, 3 … upon each other. */
export const TrainingRun = z.object({
  id: Id,
  /** Of the base in Ollama's store: SHA-256 of its manifest, 64 hex digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  policy: PolicyChoice,
  randomSeed: z
    .number()
    .int()
    .nonnegative()
    .max(2 ** 31 - 1),
  /** Weights of what is added to the policy gradient; 0 leaves it out. */
  kl: z.number().nonnegative(),
  entropy: z.number().nonnegative(),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

/**
 * What a round learns from, by ids of what was stored. `policy-gradient`: groups sampled from the weights that stand; `rft`: the right
 * attempts and valid proposals of groups, as supervised examples; `sft`: examples.
 */
export const RoundRequest = z.object({
  mode: z.enum(['policy-gradient', 'rft', 'sft']),
  records: z.array(z.string()).min(1).max(65_536),
  /** Records of one step of the optimiser. All epochs together have at most 4,096 steps. */
  recordsPerStep: z.number().int().positive().max(4_096),
  /** How often all of them are gone through. */
  epochs: z.number().int().positive().max(64),
  /** No step is begun after so many seconds; null: no bound. */
  mostSeconds: z.number().positive().nullable(),
});
export type RoundRequest = z.infer<typeof RoundRequest>;

/** One step of the optimiser; means are over the tokens trained. */
export const TrainingStep = z.object({
  loss: z.number(),
  /** Norm of the gradient before it was bounded. */
  gradient: z.number().nonnegative(),
  tokens: z.number().int().nonnegative(),
  nodes: z.number().int().nonnegative(),
  ratio: z.number().nonnegative(),
  weight: z.number().nonnegative(),
  clipped: z.number().min(0).max(1),
  seconds: z.number().nonnegative(),
});
export type TrainingStep = z.infer<typeof TrainingStep>;

/**
 * Why a record of a round was not trained on, or one of its samples: `unknown` was never stored; `other-version`: sampled from other weights;
 * `nothing-right`: of `rft`; `too-long`: for the model's context. The others are those of a group and of a sample.
 */
export const RecordRefusal = z.object({
  id: z.string(),
  /** Index of the sample that was refused alone; null where it is the whole record. */
  sample: z.number().int().nonnegative().nullable(),
  reason: z.enum([
    ...NotTrainable.options,
    'unknown',
    'other-version',
    'nothing-right',
    'too-long',
    'repeated-seed',
    'prompt-tokens',
    'no-samples',
    'broken-character',
    'unfinished',
    'no-tokens',
    'tokens-missing',
    'text-differs',
    'unknown-token',
    'bad-logprob',
    'tool-turns',
  ]),
});
export type RecordRefusal = z.infer<typeof RecordRefusal>;

/** How a round stands. A round without a step is `done` too: its weights are those before it. */
export const RoundState = z.object({
  run: Id,
  round: z.number().int().nonnegative(),
  state: z.enum(['waiting', 'training', 'done', 'failed']),
  /** What failed; null otherwise. */
  problem: TrainerProblem.nullable(),
  steps: z.array(TrainingStep),
  /** Steps that were not taken, each with its reason: any but `nothing-to-learn` is an alarm. */
  skipped: z.array(z.enum(['nothing-to-learn', 'non-finite-loss', 'non-finite-gradient'])),
  refused: z.array(RecordRefusal),
  /** SHA-256 of the weights that are trained, after the round; null before it is done. */
  weights: z.string().nullable(),
  seconds: z.number().nonnegative(),
});
export type RoundState = z.infer<typeof RoundState>;

/** The file that is wanted of a round's weights: the whole model, or the adapter alone (of `lora` only; f32, whatever `type` says). */
export const ExportRequest = z.object({
  form: z.enum(['merged', 'adapter']),
  type: z.enum(['f32', 'f16', 'q8_0']),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/** A file that stands ready to be fetched. */
export const Exported = ExportRequest.extend({
  run: Id,
  round: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive(),
  seconds: z.number().nonnegative(),
});
export type Exported = z.infer<typeof Exported>;

/** Under which digest a round's weights are sampled from now on. */
export const Published = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  type: ExportRequest.shape.type,
});
export type Published = z.infer<typeof Published>;

/** How far a sampler is from the trainer's weights on the same tokens; log-probabilities are natural (`rescoring/`). */
export const Rescored = z.object({
  completions: z.number().int().positive(),
  tokens: z.number().int().positive(),
  mean: z.number().nonnegative(),
  p99: z.number().nonnegative(),
  tokenShare: z.number().min(0).max(1),
  completionShare: z.number().min(0).max(1),
  /** Bounds that are not kept; empty: the publish is good. */
  breaches: z.array(z.enum(['mean', 'p99', 'token-share'])),
});
export type Rescored = z.infer<typeof Rescored>;

/** What happens in a run, as it happens. */
export const TrainerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('round'), state: RoundState }),
  z.object({ type: z.literal('step'), round: z.number().int().positive(), step: TrainingStep }),
  z.object({ type: z.literal('exported'), exported: Exported }),
  z.object({ type: z.literal('rescored'), round: z.number().int().nonnegative(), rescored: Rescored }),
]);
export type TrainerEvent = z.infer<typeof TrainerEvent>;

/** All of the above by name, for the two sides' contract test. */
export const TrainerRecords = z.object({
  TrainerHealth,
  TrainerProblem,
  RecordsTaken,
  Example,
  TrainingRun,
  RoundRequest,
  RoundState,
  ExportRequest,
  Exported,
  Published,
  Rescored,
  TrainerEvent,
});
