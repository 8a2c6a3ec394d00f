/**
 * A Python value as data: what calls, outputs and answers are on our side. Python's `int` is a bigint, `float` a number
 * (NaN and infinities included), `str` a JavaScript string. Dict and set members keep the order in which they came.
 */
export type Value =
  | { readonly type: 'none' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'complex'; readonly real: number; readonly imag: number }
  | { readonly type: 'str'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'list'; readonly items: readonly Value[] }
  | { readonly type: 'tuple'; readonly items: readonly Value[] }
  | { readonly type: 'set'; readonly items: readonly Value[] }
  | { readonly type: 'frozenset'; readonly items: readonly Value[] }
  | { readonly type: 'dict'; readonly entries: readonly (readonly [Value, Value])[] };

/** The tuple of positional arguments of one call. */
export type Call = readonly Value[];

/** What a call gave: a value, or an exception by its builtin type's name. */
export type Output =
  | { readonly type: 'value'; readonly value: Value }
  | { readonly type: 'raise'; readonly exception: string };
