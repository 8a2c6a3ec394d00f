import { z } from 'zod';
import { dropOldest } from '../../drop-oldest.ts';
import { readNote } from '../../store/read-note.ts';
import { isRetired } from './retirement.ts';

/** Versions that are kept of a pattern, newest; patterns that are kept, last played. */
const kept = { versions: 8, patterns: 1_000 } as const;
/** Groups of attempts below which a version's mean rate says nothing. */
const enough = 3;

const Version = z.object({
  version: z.string(),
  groups: z.number().int().positive(),
  /** Sum of the groups' corrected rates. */
  corrected: z.number().nonnegative(),
  /** Groups of this version that were streamed and may be trained on. */
  streamed: z.number().int().nonnegative(),
});
type Version = z.infer<typeof Version>;

const Histories = z.record(z.string(), z.array(Version));

/** One group of attempts on a task of a pattern. */
export interface PatternGroup {
  /** Digest of the model. */
  readonly version: string;
  /** r̃ of the group. */
  readonly corrected: number;
  /** Whether it went out to be trained on. */
  readonly streamed: boolean;
}

/** How each pattern went with one version of the model after another, over all runs of a folder: what retirement is decided by. */
export class PatternHistories {
  readonly #patterns: Map<string, Version[]>;

  private constructor(patterns: Map<string, Version[]>) {
    this.#patterns = patterns;
  }

  /** Reads what `text` wrote; begins anew with what cannot be read: it only costs patience with a few patterns. */
  static read(text: string | undefined): PatternHistories {
    return new PatternHistories(new Map(Object.entries(readNote(Histories, text) ?? {})));
  }

  get text(): string {
    return JSON.stringify(Object.fromEntries(this.#patterns));
  }

  add(pattern: string, { version, corrected, streamed }: PatternGroup): void {
    const versions = this.#patterns.get(pattern) ?? [];
    this.#patterns.delete(pattern);
    const last = versions.at(-1);
    if (last?.version === version) {
      last.groups += 1;
      last.corrected += corrected;
      last.streamed += Number(streamed);
    } else {
      versions.push({ version, groups: 1, corrected, streamed: Number(streamed) });
    }
    this.#patterns.set(pattern, versions.slice(-kept.versions));
    dropOldest(this.#patterns, kept.patterns);
  }

  /** Whether a pattern is to be played no more. A version counts as trained on it where groups of the one before were streamed. */
  isRetired(pattern: string): boolean {
    const versions = (this.#patterns.get(pattern) ?? []).filter(({ groups }) => groups >= enough);
    return isRetired(
      versions.map(({ version, corrected, groups }, index) => ({
        version,
        corrected: corrected / groups,
        trained: (versions[index - 1]?.streamed ?? 0) > 0,
      })),
    );
  }
}
