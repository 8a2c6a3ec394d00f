import { z } from 'zod';

/**
 * What stands around a question. `session`: the model continues a text, as a rule a Python session; `completion`: it continues a
 * page of questions in words; `chat`: words through the model's own chat template; `schema`: the same, with a JSON schema that the
 * sampler keeps to, so that what was sampled is not what the model itself would have said and cannot be trained on.
 */
export const Frame = z.enum(['session', 'completion', 'chat', 'schema']);
export type Frame = z.infer<typeof Frame>;

/** How a question is put to a model, whatever is asked. */
export const Style = z.object({
  frame: Frame,
  /** Whether the model is asked for a short reasoning before the answer. */
  reasons: z.boolean(),
  /** Worked examples before the question. */
  examples: z.union([z.literal(0), z.literal(1), z.literal(3)]),
});
export type Style = z.infer<typeof Style>;
