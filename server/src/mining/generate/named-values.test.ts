import { expect, it } from 'vitest';
import { parsePython } from '../python-parser.ts';
import { namedValues } from './named-values.ts';

const named = (source: string, most = 8) => {
  const tree = parsePython(source);
  return namedValues([{ tree, node: tree.root }], most);
};

it('are texts, numbers with those beside them, keys and patterns of the code', () => {
  expect(
    named(`def f(d, s):
    if "tag" in d and d["size"] > 20 or d.get("mode", 'off') == "on":
        return re.sub(r'(\\d+)-x', '', s)
    return s * 2.5
`),
  ).toEqual({
    texts: ['tag', 'size', 'mode', 'off', 'on', ''],
    integers: [20n, 21n, 19n],
    floats: [2.5],
    keys: ['tag', 'size', 'mode'],
    patterns: ['(\\d+)-x'],
  });
});

it('are no prose, and few', () => {
  const many = Array.from({ length: 50 }, (_, at) => `x['k${at}'] == ${at * 10}`).join('\n');
  const { texts, integers, keys } = named(`'''${'Says what it does. '.repeat(10)}'''\n${many}\n`, 5);
  expect(texts).toEqual(['k0', 'k1', 'k2', 'k3', 'k4']);
  expect(keys).toEqual(texts);
  expect(integers).toHaveLength(7);
});
