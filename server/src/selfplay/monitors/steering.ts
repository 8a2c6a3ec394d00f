import type { Kind } from '../../../../protocol/kind.ts';
import type { Action, Finding } from './finding.ts';
import { actionGroups } from './watch.ts';

/** What findings ask the engine to do, each for `actionGroups` groups of the run; `stop` for good. */
export class Steering {
  readonly #left = new Map<string, number>();
  #stopped: Finding | undefined;

  act(finding: Finding): void {
    if (finding.action === 'stop') this.#stopped ??= finding;
    else this.#left.set(`${finding.action}/${finding.kind}`, actionGroups);
  }

  /** One more group was played. */
  played(): void {
    for (const [key, left] of this.#left) {
      if (left <= 1) this.#left.delete(key);
      else this.#left.set(key, left - 1);
    }
  }

  holds(action: Exclude<Action, 'stop'>, kind: Kind): boolean {
    return this.#left.has(`${action}/${kind}`);
  }

  /** The finding that ends the run, if one does. */
  get stopped(): Finding | undefined {
    return this.#stopped;
  }
}
