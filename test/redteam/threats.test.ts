import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/** docs/sandbox.md, "Threats": a row of its table that nothing tries would be an empty promise. */

const root = path.resolve(import.meta.dirname, '../..');
const doc = readFileSync(path.join(root, 'docs/sandbox.md'), 'utf8');
const rows = [...doc.matchAll(/^\| (\d+) \| (.+?) \| .+? \| (.+?) \|$/gm)].map(
  ([, number = '', threat = '', places = '']) => ({
    number: Number(number),
    threat,
    places: [...places.matchAll(/`([^`]+)`/g)].map(([, place = '']) => place),
  }),
);

/** Text of the files at a place: below `test/redteam`, or one file of tests. */
function textsOf(place: string): string[] {
  if (place.endsWith('.ts')) return [readFileSync(path.join(root, place), 'utf8')];
  const folder = path.join(root, 'test/redteam', place);
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
}

it('has all rows, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 56 }, (_, index) => index + 1));
});

it.each(rows)('$number: $threat', ({ number, places }) => {
  const says = new RegExp(`^# row: ${number}$|"row": ${number}\\b|\\(row ${number}\\)`, 'm');
  for (const place of places)
    expect(
      textsOf(place).filter((text) => says.test(text)),
      place,
    ).not.toHaveLength(0);
});
