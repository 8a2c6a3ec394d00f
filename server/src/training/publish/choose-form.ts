import type { ExportRequest, PolicyChoice } from '../../../../protocol/trainer.ts';
import { dropOldest } from '../../drop-oldest.ts';
import { describeModel, type ModelDescription } from '../../model/describe-model.ts';
import type { NamedModel, WeightsFile } from './candidate.ts';
import { asPublishError, type PublishedModel, type PublishOptions, publishWeights } from './publish.ts';
import { PublishError, type PublishReason } from './publish-error.ts';

/** What there is to publish. */
export interface RoundWeights {
  readonly policy: PolicyChoice['type'];
  /** The largest file that is wanted, bytes. */
  readonly mostBytes: number;
  /** Has the trainer export the round, and fetches the file. */
  exportAs(form: ExportRequest, signal: AbortSignal): Promise<WeightsFile>;
}

const adapter: ExportRequest = { form: 'adapter', type: 'f32' };
const whole: ExportRequest = { form: 'merged', type: 'f16' };
const quantised: ExportRequest = { form: 'merged', type: 'q8_0' };

/** Bytes of a weight in a whole model. */
const bytesOfWeight = { f32: 4, f16: 2, q8_0: 34 / 32 } as const;

/**
 * The forms worth trying, the best first. Upon unquantised weights an adapter is as exact as a whole model, a tenth of its size and
 * made in no time. Upon quantised ones ggml rounds activations to 8 bits, and samples are further from the trainer's probabilities than
 * with the whole model in f16 (trainer/README.md, "Publishing"), so there it comes last.
 */
export function formsFor(
  { quantization, parameterCount }: Pick<ModelDescription, 'quantization' | 'parameterCount'>,
  { policy, mostBytes }: Pick<RoundWeights, 'policy' | 'mostBytes'>,
): readonly ExportRequest[] {
  const wholes = [whole, quantised].filter(
    ({ type }) => (parameterCount ?? 0) * bytesOfWeight[type] <= mostBytes,
  );
  if (policy === 'full') return wholes;
  return /^(F32|F16|BF16)$/.test(quantization) ? [adapter, ...wholes] : [...wholes, adapter];
}

/** How many bases are remembered. */
const remembered = 64;

/** What a server would not take, by base: each form is tried once. */
export class RefusedForms {
  readonly #refused = new Map<string, readonly ExportRequest['form'][]>();

  has(base: NamedModel, { form }: ExportRequest): boolean {
    return this.#refused.get(base.digest)?.includes(form) ?? false;
  }

  add(base: NamedModel, { form }: ExportRequest): void {
    this.#refused.set(base.digest, [...(this.#refused.get(base.digest) ?? []), form]);
    dropOldest(this.#refused, remembered);
  }
}

const otherForm: ReadonlySet<PublishReason> = new Set(['form-refused', 'not-applied']);

/**
 * Publishes a round in the first form that this server takes for this base: the publish itself is the probe. What it refuses or silently
 * leaves out is not tried again; where one has no room, a smaller one is. Rejects with the first form's `PublishError` where none is
 * left, and as `exportAs` does.
 */
export async function publishRound(
  base: NamedModel,
  round: RoundWeights,
  refused: RefusedForms,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const described = await describeModel(base.name, options.host, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw asPublishError(error);
  });
  const forms = formsFor(described, round);
  let failure: PublishError | undefined;
  for (const form of forms) {
    if (refused.has(base, form)) continue;
    try {
      return await publishWeights(base, await round.exportAs(form, signal), options, signal);
    } catch (error) {
      if (!PublishError.is(error, ...otherForm, 'no-room')) throw error;
      if (otherForm.has(error.reason)) refused.add(base, form);
      failure ??= error;
    }
  }
  throw (
    failure ?? new PublishError('form-refused', `${base.name} cannot be published from here in any form.`)
  );
}
