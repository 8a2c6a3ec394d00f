import { z } from 'zod';

const Answer = z.strictObject({ answer: z.string() });

/** The JSON schema that the sampler is kept to where an answer is a JSON object. */
export const answerSchema: object = z.toJSONSchema(Answer);

/** The answer in a JSON object; undefined in any other text, and in an object with anything else in it. */
export function readJsonAnswer(text: string): string | undefined {
  if (!text.trimEnd().endsWith('}')) return undefined;
  try {
    return Answer.safeParse(JSON.parse(text)).data?.answer;
  } catch {
    return undefined;
  }
}
