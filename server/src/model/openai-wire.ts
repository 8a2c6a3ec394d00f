import { z } from 'zod';

/** What servers answer that speak OpenAI's protocol (vLLM, llama.cpp and others), as far as we read it. */

export const ModelsAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      /** vLLM: the path or name of the weights, and the model that an adapter sits on. */
      root: z.string().nullish(),
      parent: z.string().nullish(),
      owned_by: z.string().nullish(),
      /** vLLM: tokens of context. */
      max_model_len: z.number().int().positive().nullish(),
    }),
  ),
});
export type ServedModel = z.infer<typeof ModelsAnswer>['data'][number];

/** Log-probabilities as the completions protocol has them. */
const Legacy = z.object({ tokens: z.array(z.string()), token_logprobs: z.array(z.number().nullable()) });

/** As the chat protocol has them, which llama.cpp gives for completions, too. */
const Content = z.object({
  content: z.array(
    z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() }),
  ),
});

const Usage = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: z.number().int().nonnegative().nullish(),
});

/** One event of a streamed completion; the last one may have no choice, only the usage. */
export const CompletionEvent = z.object({
  choices: z.array(
    z.object({
      text: z.string(),
      finish_reason: z.string().nullish(),
      logprobs: z.union([Legacy, Content]).nullish(),
    }),
  ),
  usage: Usage.nullish(),
});
export type CompletionEvent = z.infer<typeof CompletionEvent>;
export type Logprobs = NonNullable<CompletionEvent['choices'][number]['logprobs']>;

/** What stands in the place of an event where the server fails in the middle. */
export const FailureEvent = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

export const UsageAnswer = z.object({ usage: Usage });

/** vLLM's answers to `/tokenize` and `/detokenize`. */
export const TokenizeAnswer = z.object({ tokens: z.array(z.number().int()) });
export const DetokenizeAnswer = z.object({ prompt: z.string() });
