import { type Arbitrary, constant, constantFrom, nat, oneof } from 'fast-check';
import { encoding, isHashable } from '../../values/encoding.ts';
import type { Call, Value } from '../../values/value.ts';
import type { NamedValues } from './named-values.ts';
import { strategyOf } from './strategy.ts';
import { typeOfValue } from './value-type.ts';

/** A call that differs from a good one in one argument, which is near the one that was there. */
export function mutationOf(call: Call, named: NamedValues): Arbitrary<Call> {
  if (call.length === 0) return constant(call);
  return nat({ max: call.length - 1 }).chain((at) =>
    changedValue(call[at] ?? { type: 'none' }, named).map((value) => call.with(at, value)),
  );
}

/** A value near another one: a boundary beside it, empty, reversed, repeated, in the other case, with one member changed. */
function changedValue(value: Value, named: NamedValues): Arbitrary<Value> {
  const others = changes(value);
  const anew = { weight: 1, arbitrary: strategyOf(typeOfValue(value), named) };
  const near = others.length === 0 ? [] : [{ weight: 3, arbitrary: constantFrom(...others) }];
  return oneof(...near, ...memberChanges(value, named), anew);
}

/** The values beside one that can be listed. */
function changes(value: Value): Value[] {
  switch (value.type) {
    case 'int': {
      const its = value.value;
      return [its + 1n, its - 1n, -its, 0n, its * 2n].map((each) => ({ type: 'int', value: each }));
    }
    case 'float': {
      const its = value.value;
      return [its + 1, its - 0.5, -its, 0, its / 2].map((each) => ({ type: 'float', value: each }));
    }
    case 'bool':
      return [{ type: 'bool', value: !value.value }];
    case 'str':
      return changedTexts(value.value).map((each) => ({ type: 'str', value: each }));
    case 'bytes': {
      const its = [...value.value];
      return [its.slice(1), its.toReversed(), [...its, ...its], []].map((each) => ({
        type: 'bytes',
        value: Uint8Array.from(each),
      }));
    }
    case 'list':
      return rearranged(value.items).map((items) => ({ type: 'list', items }));
    case 'tuple':
      // What is read out of a tuple counts on its length.
      return [{ type: 'tuple', items: value.items.toReversed() }];
    case 'set':
    case 'frozenset':
      return [value.items.slice(1), value.items.slice(0, 1), []].map((items) => ({
        type: value.type,
        items,
      }));
    case 'dict':
      return [value.entries.slice(1), value.entries.toReversed(), value.entries.slice(0, 1), []].map(
        (entries) => ({ type: 'dict', entries }),
      );
    default:
      return [];
  }
}

function changedTexts(text: string): string[] {
  const its = [...text];
  const middle = Math.floor(its.length / 2);
  return [
    text.toUpperCase(),
    text.toLowerCase(),
    its.toReversed().join(''),
    its.slice(1).join(''),
    its.slice(0, -1).join(''),
    its.slice(0, middle).join(''),
    `${text}${text}`,
    `${text} ${text}`,
    [...its.slice(0, middle), ' ', ...its.slice(middle)].join(''),
    '',
  ].map((each) => each.slice(0, 99));
}

function rearranged(items: readonly Value[]): Value[][] {
  return [
    items.slice(1),
    items.slice(0, -1),
    items.toReversed(),
    [...items, ...items.slice(0, 1)],
    [...items, ...items],
    items.slice(0, 1),
    [],
  ].map((each) => each.slice(0, 19));
}

/** With one of its members changed. */
function memberChanges(value: Value, named: NamedValues): { weight: number; arbitrary: Arbitrary<Value> }[] {
  switch (value.type) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset': {
      const { items, type } = value;
      if (items.length === 0) return [];
      const arbitrary = nat({ max: items.length - 1 }).chain((at) =>
        changedValue(items[at] ?? { type: 'none' }, named).map((item): Value => {
          const changed = items.with(at, item);
          return type === 'list' || type === 'tuple' ? { type, items: changed } : asSet(type, changed, items);
        }),
      );
      return [{ weight: 3, arbitrary }];
    }
    case 'dict': {
      const { entries } = value;
      if (entries.length === 0) return [];
      const arbitrary = nat({ max: entries.length - 1 }).chain((at) => {
        const [key, item]: readonly [Value, Value] = entries[at] ?? [{ type: 'none' }, { type: 'none' }];
        return changedValue(item, named).map(
          (changed): Value => ({ type: 'dict', entries: entries.with(at, [key, changed]) }),
        );
      });
      return [{ weight: 3, arbitrary }];
    }
    default:
      return [];
  }
}

/** A set of these items; as it was where two of them would be one to Python, or one cannot be in a set. */
function asSet(type: 'set' | 'frozenset', items: readonly Value[], before: readonly Value[]): Value {
  const isSet = new Set(items.map((item) => encoding(item, 'python'))).size === items.length;
  return { type, items: isSet && items.every(isHashable) ? items : before };
}
