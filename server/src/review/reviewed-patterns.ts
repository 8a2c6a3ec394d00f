import type { Kind } from '../../../protocol/kind.ts';
import { shapeHash } from '../mining/program-shape.ts';
import type { Store } from '../store/store.ts';
import { standingDecisions } from './decisions.ts';

/**
 * What people decided, as far as proposing and playing need it. A pattern is a kind with the shape of a program: its syntax,
 * whatever its names. Empty until `refresh`.
 */
export class ReviewedPatterns {
  #count = 0;
  #rejectedTasks: ReadonlySet<string> = new Set();
  #acceptedTasks: ReadonlySet<string> = new Set();
  #rejected: ReadonlySet<string> = new Set();

  /** Reads the reviews anew where there are more than before. True where it did. */
  async refresh(store: Pick<Store, 'reviewCount' | 'reviews' | 'tasks'>): Promise<boolean> {
    const count = await store.reviewCount();
    if (count === this.#count) return false;
    const { byTask } = standingDecisions(await store.reviews());
    const decided = (decision: string) =>
      new Set([...byTask].flatMap(([id, review]) => (review.decision === decision ? [id] : [])));
    const rejectedTasks = decided('reject');
    const tasks = await store.tasks({ ids: [...rejectedTasks] });
    this.#rejected = new Set(
      tasks.map(({ kind, program, entry }) => patternKey(kind, shapeHash(program, entry))),
    );
    this.#rejectedTasks = rejectedTasks;
    this.#acceptedTasks = decided('accept');
    this.#count = count;
    return true;
  }

  /** Whether a proposal of this kind about a program of this shape is of a pattern that was rejected. */
  isRejected(kind: Kind, shape: () => string): boolean {
    // Most stores have no rejection, and a shape is made by parsing.
    return this.#rejected.size > 0 && this.#rejected.has(patternKey(kind, shape()));
  }

  isRejectedTask(id: string): boolean {
    return this.#rejectedTasks.has(id);
  }

  isAcceptedTask(id: string): boolean {
    return this.#acceptedTasks.has(id);
  }
}

function patternKey(kind: Kind, shape: string): string {
  return `${kind} ${shape}`;
}
