import type { Relation } from '../../../protocol/judge.ts';
import { encoding, type Form } from './encoding.ts';
import type { Output, Value } from './value.ts';

/** The same canonical form: also the order of dicts, the sign of zero, NaN as itself. For determinism and caching. */
export function identical(a: Value, b: Value): boolean {
  return encoding(a, 'canonical') === encoding(b, 'canonical');
}

/**
 * Every reward rests on this one: of the same type throughout (`1`, `True` and `1.0` are three values), dicts and sets in any
 * order, −0.0 apart from 0.0. Nothing that holds a NaN is the same as anything.
 */
export function sameValue(a: Value, b: Value): boolean {
  return equalIn('unordered', a, b);
}

/**
 * Python's `a == b`, for values made apart from one another: numbers compared exactly across bool, int, float and complex; a set
 * equals a frozenset, a list no tuple. A NaN equals nothing. Only for external sets whose authors score so.
 */
export function pyEqual(a: Value, b: Value): boolean {
  return equalIn('python', a, b);
}

const relations: Readonly<Record<Relation, (a: Value, b: Value) => boolean>> = {
  identical,
  sameValue,
  pyEqual,
};

/** `sameValue` for outputs: the same exception's name, or the same value. */
export function sameOutput(a: Output, b: Output): boolean {
  return relatedOutputs(a, b, 'sameValue');
}

/** A relation for outputs: the same exception's name, or values that it holds equal. */
export function relatedOutputs(a: Output, b: Output, relation: Relation): boolean {
  if (a.type === 'raise' || b.type === 'raise') {
    return a.type === 'raise' && b.type === 'raise' && a.exception === b.exception;
  }
  return relations[relation](a.value, b.value);
}

/** Whether a NaN stands anywhere in a value. */
export function holdsNaN(value: Value): boolean {
  switch (value.type) {
    case 'float':
      return Number.isNaN(value.value);
    case 'complex':
      return Number.isNaN(value.real) || Number.isNaN(value.imag);
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      return value.items.some(holdsNaN);
    case 'dict':
      return value.entries.some(([key, item]) => holdsNaN(key) || holdsNaN(item));
    default:
      return false;
  }
}

/** Comparing encodings takes n log n of the value's size; comparing members with one another would take n². */
function equalIn(form: Form, a: Value, b: Value): boolean {
  return !holdsNaN(a) && encoding(a, form) === encoding(b, form);
}
