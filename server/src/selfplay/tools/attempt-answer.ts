import type { Asked } from '../../tasks/styles/ask-in-style.ts';
import type { AskedWithTool } from '../../tasks/tools/ask-with-tool.ts';
import type { Drawn } from '../draw-sample.ts';

/**
 * The answer of an attempt as its kind reads it; null where there is none that is well-formed. Behind calls of a tool it is read from
 * what the model itself wrote last, never from what was put in. A program stands behind what the session had imported and defined.
 */
export function attemptAnswer(
  question: Asked<string> | AskedWithTool,
  { sample, turns }: Drawn,
): string | null {
  if (turns === undefined) return question.read(sample.text, sample.finish) ?? null;
  const answer = turns.answer === null ? undefined : question.read(turns.answer, sample.finish);
  if (answer === undefined) return null;
  if (!('tool' in question && question.tool.keepsDefinitions)) return answer;
  return [...turns.ran.filter(isDefinition), answer].join('\n');
}

/** Whether a piece of code gives names to what programs are made of. */
function isDefinition(code: string): boolean {
  return /^(?:@|(?:import|from|def|class|async def)\b)/.test(code);
}
