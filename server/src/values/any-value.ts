import fc from 'fast-check';
import { checkValue, encoding, isHashable } from './encoding.ts';
import type { Value } from './value.ts';

const float = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 5e-324, 1e16, 1e-5, 0.0001, 123456789012345680, 2 ** 53, Infinity, -Infinity),
);

/** Characters that were printable, or not, in every Unicode version that CPython has come with since 3.8. */
const character = fc.oneof(
  fc.constantFrom('a', ' ', "'", '"', '\\', '\n', '\r', '\t', '\0', '\x7f', '\xa0', '\xad', 'é', '中'),
  fc.constantFrom('😀', '\u2028', '\u200b', '\ue000', '\u{10ffff}', '\ud800', '\udfff', '{', 'N', '0'),
);
const text = fc.array(character, { maxLength: 6 }).map((characters) =>
  // Two lone surrogates side by side would be another character.
  characters.reduce((joined, next) => (melts(joined, next) ? joined : joined + next), ''),
);

const atom: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ type: 'none' }),
  fc.boolean().map((value): Value => ({ type: 'bool', value })),
  fc
    .oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }))
    .map((value): Value => ({ type: 'int', value })),
  float.map((value): Value => ({ type: 'float', value })),
  fc.tuple(float, float).map(([real, imag]): Value => ({ type: 'complex', real, imag })),
  text.map((value): Value => ({ type: 'str', value })),
  fc.uint8Array({ maxLength: 6 }).map((value): Value => ({ type: 'bytes', value: new Uint8Array(value) })),
);

/** Values of our grammar for property tests, weighted towards the corners: signed zeros, surrogates, equal numbers of other types. */
export const anyValue: fc.Arbitrary<Value> = fc
  .letrec<{ value: Value; key: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      atom,
      fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ type: 'list', items })),
      fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ type: 'tuple', items })),
      members(tie('key')).map((items): Value => ({ type: 'set', items })),
      members(tie('key')).map((items): Value => ({ type: 'frozenset', items })),
      fc.tuple(members(tie('key')), fc.array(tie('value'), { minLength: 4, maxLength: 4 })).map(
        ([keys, values]): Value => ({
          type: 'dict',
          entries: keys.map((key, index) => [key, values[index] ?? key] as const),
        }),
      ),
    ),
    key: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      atom,
      fc.array(tie('key'), { maxLength: 3 }).map((items): Value => ({ type: 'tuple', items })),
      members(tie('key')).map((items): Value => ({ type: 'frozenset', items })),
    ),
  }))
  .value.filter((value) => {
    try {
      checkValue(value);
      return true;
    } catch {
      return false;
    }
  });

function members(key: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.uniqueArray(key.filter(isHashable), {
    maxLength: 4,
    selector: (member) => encoding(member, 'python'),
  });
}

function melts(before: string, after: string): boolean {
  return /[\ud800-\udbff]$/.test(before) && /^[\udc00-\udfff]/.test(after);
}
