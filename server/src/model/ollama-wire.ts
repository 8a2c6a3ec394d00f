import { z } from 'zod';

/** What Ollama answers, as far as we read it. Other fields come and go with its versions. */

export const VersionAnswer = z.object({ version: z.string() });

export const TagsAnswer = z.object({
  models: z.array(
    z.object({ name: z.string(), digest: z.string(), details: z.object({ family: z.string() }) }),
  ),
});
export type TagsAnswer = z.infer<typeof TagsAnswer>;

export const ShowAnswer = z.object({
  /** Where the model runs, if not here. */
  remote_host: z.string().optional(),
  capabilities: z.array(z.string()).optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});
export type ShowAnswer = z.infer<typeof ShowAnswer>;

/** All that a model's description says of what it is made of. */
export const DescriptionAnswer = z.object({
  license: z.string().default(''),
  modelfile: z.string().default(''),
  parameters: z.string().default(''),
  template: z.string().default(''),
  system: z.string().default(''),
  renderer: z.string().optional(),
  parser: z.string().optional(),
  requires: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).nullish(),
  details: z.object({ quantization_level: z.string().default('') }),
  model_info: z.record(z.string(), z.unknown()).default({}),
});
export type DescriptionAnswer = z.infer<typeof DescriptionAnswer>;

export const LoadedAnswer = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })),
});

/** What a request without a prompt answers: the model is loaded. */
export const LoadingAnswer = z.object({ done_reason: z.literal('load') });

/** A first token with those that could have stood in its place, most likely first. */
export const FirstTokenAnswer = z.object({
  logprobs: z
    .array(z.object({ top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })) }))
    .optional(),
});

export const CountAnswer = z.object({ prompt_eval_count: z.number() });

export const RenderAnswer = z.object({ _debug_info: z.object({ rendered_template: z.string() }) });

/** One line of a streamed completion; the last one has `done` and the counts. */
export const CompletionLine = z.object({
  response: z.string(),
  done: z.boolean(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
  logprobs: z
    .array(z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).optional() }))
    .optional(),
});
export type CompletionLine = z.infer<typeof CompletionLine>;
