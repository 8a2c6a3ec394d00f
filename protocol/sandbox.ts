import { z } from 'zod';

/** Which sandbox ran a program, and in which version. A gold value holds on this backend and Python minor version only. */
export const Backend = z.object({
  /** `pyodide`; `native` joins it with the sandbox issue. */
  name: z.enum(['pyodide', 'native']),
  /** Version of the backend itself, for example `314.0.7`. */
  version: z.string(),
  /** Python version inside, `major.minor.patch`. */
  python: z.string(),
});
export type Backend = z.infer<typeof Backend>;

/** Bounds of one execution. Units are in the names. */
export const Limits = z.object({
  cpuMs: z.number().int().positive(),
  wallMs: z.number().int().positive(),
  memoryMb: z.number().int().positive(),
  outputBytes: z.number().int().positive(),
});
export type Limits = z.infer<typeof Limits>;

export const LimitReason = z.enum(['cpu', 'wall', 'memory', 'output']);
export const RefusedReason = z.enum(['bad-record', 'syntax', 'no-entry', 'arguments']);

/**
 * How one execution ended, as told to other programs (`autodidact sandbox run`).
 * `reason`: exception's type name · what could not be encoded · the limit · the forbidden call · the signal · why refused.
 */
export const Outcome = z.enum(['ok', 'exception', 'unencodable', 'limit', 'violation', 'crash', 'refused']);
export type Outcome = z.infer<typeof Outcome>;

/** One line into `autodidact sandbox run`. `call` is the argument tuple as Python literal text: `(1, 'a')`. */
export const SandboxRunLine = z.object({
  id: z.string().nullable().optional(),
  program: z.string(),
  entry: z.string(),
  call: z.string(),
  backend: z.enum(['pyodide', 'native']).optional(),
  limits: Limits.partial().optional(),
});
export type SandboxRunLine = z.infer<typeof SandboxRunLine>;

/** One line out of `autodidact sandbox run`. `value` is Python literal text. */
export const SandboxRunResult = z.object({
  id: z.string().nullable(),
  outcome: Outcome,
  reason: z.string().optional(),
  value: z.string().optional(),
  /** What is wrong with the line, for a person. */
  detail: z.string().optional(),
  cpuMs: z.number(),
  backend: z.string(),
});
export type SandboxRunResult = z.infer<typeof SandboxRunResult>;
