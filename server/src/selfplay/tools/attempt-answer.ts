import type { Drawn } from '../draw-sample.ts';
import type { AttemptQuestion } from './ask-for-answer.ts';

/**
 * The answer of an attempt as its kind reads it; null where there is none that is well-formed. Behind calls of a tool it is read from
 * what the model itself wrote last, never from what was put in. A program stands behind what the session had imported and defined.
 */
export function attemptAnswer(question: AttemptQuestion, { sample, turns }: Drawn): string | null {
  if (turns === undefined) return question.read(sample.text, sample.finish) ?? null;
  const answer = turns.answer === null ? undefined : question.read(turns.answer, sample.finish);
  if (answer === undefined) return null;
  if (question.toolUse?.session.keepsDefinitions !== true) return answer;
  return [...turns.ran.filter(isDefinition), answer].join('\n');
}

/** Whether a piece of code gives names to what programs are made of. */
function isDefinition(code: string): boolean {
  return /^(?:@|(?:import|from|def|class|async def)\b)/.test(code);
}

/** Whether the sandbox failed an attempt between its turns, so that it cannot be judged. */
export function isBroken({ turns }: Drawn): boolean {
  return turns?.isBroken === true;
}
