import type { Style } from '../../../../protocol/style.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { TaskQuestion } from '../../tasks/kind-spec.ts';
import { type Asked, type Asker, askInStyle } from '../../tasks/styles/ask-in-style.ts';
import { solving } from '../../tasks/styles/exercise.ts';
import { askWithTool } from '../../tasks/tools/ask-with-tool.ts';
import type { GroupQuestion } from '../sampling.ts';

/** A question about a task, as attempts on it are drawn. */
export type AttemptQuestion = Asked<string> & GroupQuestion;

/**
 * Asks a task in a style: with a tool where there is a sandbox for it, and the kind and the style let the model have one. Rejects as
 * `askInStyle` does.
 */
export async function askForAnswer(
  task: TaskQuestion,
  style: Style,
  asker: Asker,
  toolSandbox: Pick<Sandbox, 'run'> | undefined,
  signal: AbortSignal,
): Promise<AttemptQuestion> {
  const withTool = toolSandbox === undefined ? undefined : askWithTool(task, style);
  if (withTool === undefined || toolSandbox === undefined)
    return await askInStyle(solving(task), style, asker, signal);
  const { tool: session, ...question } = withTool;
  return { ...question, toolUse: { session, sandbox: toolSandbox } };
}
