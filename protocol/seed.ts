import { z } from 'zod';
import { Backend } from './sandbox.ts';

/** Where in the workspace a unit stands. Lines count from 1, in the file as it is on disk: of a notebook, in its JSON. */
export const UnitRef = z.object({
  /** Workspace folder, absolute path. */
  folder: z.string(),
  /** Path within the folder, with forward slashes. */
  file: z.string(),
  /** Qualified name within the file: `groupby`, `Graph.add_edge`. */
  symbol: z.string(),
  line: z.number().int().positive(),
  endLine: z.number().int().positive(),
  /** SHA-256 of the unit's own source text, hex. Changes exactly when the unit's text changes. */
  unitHash: z.string(),
  /** SHA-256 of the file, hex. */
  fileHash: z.string(),
  /** Commit checked out when mined; null outside of a git repository. */
  commit: z.string().nullable(),
});
export type UnitRef = z.infer<typeof UnitRef>;

/**
 * Where a call came from; `code`: it stands in the workspace outside of doctests and tests, in code, notebooks or blocks of code in documents; `recorded`: the workspace's own tests
 * made it when they ran; `generated`: made up from the unit's own code; `model`: a model proposed it.
 */
export const CallSource = z.enum(['doctest', 'test', 'code', 'recorded', 'generated', 'model']);
export type CallSource = z.infer<typeof CallSource>;

/**
 * Sources that ask for no more than mining itself does: the workspace's tests are run only where `recorded` is chosen, and a model
 * is asked only where `model` is.
 */
export const usualSources: readonly CallSource[] = CallSource.exclude(['recorded', 'model']).options;

export const Provenance = UnitRef.extend({
  source: CallSource,
  /** File and line of the call itself; null where it was made up. */
  callFile: z.string().nullable(),
  callLine: z.number().int().positive().nullable(),
  /** Digest of the model that proposed the call; null where none did. */
  callModel: z.string().nullable().default(null),
  /** What the header of the file says of its licence: an SPDX identifier where it can be told. */
  licence: z.string().nullable().default(null),
});
export type Provenance = z.infer<typeof Provenance>;

/**
 * What a unit may be used for: `train` to learn from, `gate` and `test` (both held out) only to measure. A program takes the
 * strictest split among its units.
 */
export const Split = z.enum(['train', 'gate', 'test']);
export type Split = z.infer<typeof Split>;

/** How hard a call is, counted over the lines of the program that it reaches. */
export const Difficulty = z.object({
  /** Lines executed, each as often as it ran. */
  steps: z.number().int().nonnegative(),
  branches: z.number().int().nonnegative(),
  loops: z.number().int().nonnegative(),
  calls: z.number().int().nonnegative(),
  operators: z.number().int().nonnegative(),
  /** Blocks inside of one another. */
  depth: z.number().int().nonnegative(),
});
export type Difficulty = z.infer<typeof Difficulty>;

/** A program, one call of its entry and the output that execution returned. `call` and `output` are Python literal text. */
export const Seed = z.object({
  /** 16 hex digits of SHA-256 over program, entry and call. */
  id: z.string(),
  /** Self-contained Python source that defines `entry`. */
  program: z.string(),
  entry: z.string(),
  /** The argument tuple: `(1, 'a')`. */
  call: z.string(),
  /** Output literal, or `raise ValueError`. */
  output: z.string(),
  provenance: Provenance,
  /** Other files of the folder, paths within it, that the program has code of. */
  needs: z.array(z.string()).default([]),
  split: Split.default('train'),
  difficulty: Difficulty.nullable().default(null),
  /** Equal for programs that differ only in the names that they bind, in comments and in layout; 16 hex digits. */
  shape: z.string().default(''),
  /** Equal for programs that return the same for values that every function is asked; null where too few of them return. */
  behaviour: z.string().nullable().default(null),
  backend: Backend,
});
export type Seed = z.infer<typeof Seed>;
