import type { Unanswered, UnansweredCall } from '../../../protocol/pseudo-label.ts';
import type { UnitRef } from '../../../protocol/seed.ts';
import { answerVisible } from '../tasks/answer-visible.ts';
import { contentId } from '../tasks/record-id.ts';
import { tooLarge } from '../tasks/task-size.ts';
import type { LostCall } from './choose-calls.ts';
import type { Loss } from './losses.ts';
import { importLine, type Sliced } from './slicing/program.ts';

/** Calls of one unit that are kept. */
const maxCalls = 4;

/**
 * The calls of a function that were found in the workspace and that could not be executed to an output here: for want of a package,
 * time, or what the sandbox forbids. Where execution did say something (an exception, nothing, no literal, another value each
 * time), there is no output to be guessed, and the call is none of these.
 */
export function unansweredCalls(
  sliced: Sliced,
  entry: string,
  lost: readonly LostCall[],
  unit: UnitRef,
): UnansweredCall[] {
  const program = withPackages(sliced);
  const needsPackage = [...sliced.effects.values()].some(({ loss }) => loss === 'third-party-import');
  return lost
    .flatMap(({ found: { source, text: call }, loss }): UnansweredCall[] => {
      const why = unansweredBy(loss, needsPackage);
      if (why === undefined || source === 'generated' || source === 'model') return [];
      if (tooLarge({ program, call, output: '' })) return [];
      // Without a gold value no more can be told than whether the call itself stands there.
      if (answerVisible({ program, entry, call, output: '' }) !== false) return [];
      return [{ id: contentId(program, entry, call), kind: 'deduction', program, entry, call, why, unit }];
    })
    .slice(0, maxCalls);
}

function unansweredBy(loss: Loss, needsPackage: boolean): Unanswered | undefined {
  switch (loss) {
    case 'does-io':
    case 'third-party-import':
    case 'limit':
    case 'violation':
      return loss;
    case 'unknown-name':
      // A package that is not there is a name that is not there.
      return needsPackage ? 'third-party-import' : undefined;
    default:
      return undefined;
  }
}

/** The program without prose, with the imports of packages that it has not got here. */
function withPackages({ source, effects, pieces }: Sliced): string {
  const lines = new Set<string>();
  for (const [written, { loss }] of effects) {
    if (loss !== 'third-party-import') continue;
    const local = written.split('.', 1)[0] ?? '';
    for (const { module } of pieces) {
      for (const imported of module.imports.get(local) ?? []) lines.add(importLine(imported));
    }
  }
  const text = source('none');
  return lines.size === 0
    ? text
    : `${[...lines].sort().join('\n')}\n${/^(?:import|from) /.test(text) ? '' : '\n\n'}${text}`;
}
