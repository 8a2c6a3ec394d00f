import type { Finish } from '../../../../protocol/group.ts';
import type { Style } from '../../../../protocol/style.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { InWords, Question } from '../kind-spec.ts';
import { type Delimiters, drawDelimiters, readDelimited } from './delimiters.ts';
import type { Exercise } from './exercise.ts';
import { answerSchema, readJsonAnswer } from './json-answer.ts';
import { versionIn } from './style.ts';

/** A question in a style, and the way back from what the model says. */
export interface Asked<Answer> extends Question {
  readonly promptVersion: string;
  /** The JSON schema to keep the sampler to, in the one frame that has one. */
  readonly format?: object;
  read(text: string, finish: Finish): Answer | undefined;
}

/** Of whom a question is asked. */
export interface Asker {
  readonly endpoint: Pick<Endpoint, 'render'>;
  readonly model: string;
  /** Draws a whole number in [0, 2³¹) for a nonce; asked only where a style has one. */
  readonly draw: () => number;
}

/** Tokens that a style takes besides the answer: for what the model writes around it, and for its reasoning. */
const room = { close: 24, delimiters: 48, json: 24, reasoning: 64 } as const;

/**
 * Puts a question in a style: the exact text that the model is to see. A chat is rendered once, by the endpoint, and stands as text from
 * then on. Rejects as `endpoint.render` does.
 */
export async function askInStyle<Answer>(
  exercise: Exercise<Answer>,
  style: Style,
  { endpoint, model, draw }: Asker,
  signal: AbortSignal,
): Promise<Asked<Answer>> {
  const promptVersion = versionIn(style, exercise.promptVersion);
  const continued = exercise.continued(style.examples);
  if (style.frame === 'session') return { ...continued, promptVersion, read: exercise.readContinued };

  const words = exercise.inWords();
  const chat = (message: string) => endpoint.render(model, message, signal);
  if (style.frame === 'schema') {
    const prompt = await chat(page(words, style, jsonForm));
    return {
      prompt,
      promptVersion,
      format: answerSchema,
      ends: (text) => readJsonAnswer(text) !== undefined,
      numPredict: continued.numPredict + room.json,
      read: (text) => answerOf(words, readJsonAnswer(text)),
    };
  }

  const delimiters = drawDelimiters(textsOf(words), draw);
  const form = delimitedForm(delimiters);
  const isOpened = style.frame === 'completion' && !style.reasons;
  const before = isOpened ? delimiters.open : '';
  const prompt =
    style.frame === 'chat'
      ? await chat(page(words, style, form))
      : `${page(words, style, form)}${style.reasons ? 'Reasoning:' : `Answer: ${before}`}`;
  return {
    prompt,
    promptVersion,
    ends: (text) => text.includes(delimiters.close),
    numPredict:
      continued.numPredict + (isOpened ? room.close : room.delimiters) + (style.reasons ? room.reasoning : 0),
    read: (text) => answerOf(words, readDelimited(`${before}${text}`, delimiters)),
  };
}

/** How an answer stands in a text: what a prompt says of it, and one as it is to look. */
interface AnswerForm {
  readonly rule: string;
  written(answer: string): string;
}

const jsonForm: AnswerForm = {
  rule: 'Give a JSON object with the answer as the text "answer", and nothing else.',
  written: (answer) => JSON.stringify({ answer }),
};

function delimitedForm({ open, close }: Delimiters): AnswerForm {
  return {
    rule: `Put the answer, and nothing else, between ${open} and ${close}.`,
    written: (answer) => `${open}${answer}${close}`,
  };
}

/** What is to be done, worked examples, and the question. */
function page<Answer>(
  { instruction, examples, question }: InWords<Answer>,
  { reasons, examples: count }: Style,
  { rule, written }: AnswerForm,
): string {
  const reasoning = reasons ? ' Reason first, in two short sentences at most; then give the answer.' : '';
  const worked = examples
    .slice(0, count)
    .map(
      (example) =>
        `Question:\n${example.question}\n\n${reasons ? `Reasoning: ${example.thought}\n` : ''}Answer: ${written(example.answer)}\n\n`,
    );
  return `${instruction}${reasoning} ${rule}\n\n${worked.join('')}Question:\n${question}\n\n`;
}

function textsOf<Answer>({ instruction, examples, question }: InWords<Answer>): string[] {
  return [instruction, question, ...examples.flatMap((example) => Object.values(example))];
}

function answerOf<Answer>(words: InWords<Answer>, payload: string | undefined): Answer | undefined {
  return payload === undefined ? undefined : words.read(payload);
}
