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

export const LoadedAnswer = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })),
});

/** What a request without a prompt answers: the model is loaded. */
export const LoadingAnswer = z.object({ done_reason: z.literal('load') });

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
