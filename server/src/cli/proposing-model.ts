import type { CallProposer } from '../mining/proposing/call-proposer.ts';
import { createCallProposer } from '../selfplay/call-proposer.ts';
import type { CliContext } from './context.ts';
import { type ReadyModel, readyModel } from './parts.ts';

/** A model that mining may ask for calls: nothing is connected to before it is asked. */
export interface ProposingModel {
  readonly proposer: CallProposer;
  /** Lets go of its server. */
  close(): Promise<void>;
}

/** The model that a person named, made ready when mining asks it for the first time. */
export function proposingModel(
  flags: { readonly model: string; readonly offline: boolean; readonly keep: boolean },
  context: CliContext,
): ProposingModel {
  const opened: ReadyModel[] = [];
  const proposer = createCallProposer(flags.model, async (signal) => {
    const ready = await readyModel(flags.model, flags, { ...context, signal });
    opened.push(ready);
    return ready;
  });
  return {
    proposer,
    async close() {
      for (const each of opened) await each.close();
    },
  };
}

/** That mining goes on without the model, for a person. */
export function goesOnWithout(detail: string): string {
  return `${detail}\nMining goes on without it.`;
}
