import { expect, it } from 'vitest';
import { useMining } from '../../../../test/support/mining.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createWorkspaceSandbox } from '../../sandbox/workspace/create-workspace-sandbox.ts';

const { signal } = new AbortController();
const works = await createWorkspaceSandbox({ python: 'python3', env: process.env }, signal).then(
  () => true,
  () => false,
);
const { mineFiles } = useMining();

const files = {
  'shapes.py': `from dataclasses import dataclass
from fractions import Fraction


class Box:
    def __init__(self, width, height, *, unit='cm'):
        self.width = width
        self.height = height
        self.unit = unit

    def fits(self, other):
        return other.width <= self.width and other.height <= self.height

    def spans(self, width):
        for step in range(self.width, width, -1):
            yield Box(step, self.height)

    def __str__(self):
        return f'{self.width} {self.unit}'


class Crate(Box):
    def __init__(self, box, lid=None, depth=1, wheels=4):
        super().__init__(box.width, box.height)
        self.depth = depth
        self.lid = lid or wheels

    def scaled(self, height):
        return self.width * self.depth * height


@dataclass
class Point:
    x: int
    y: int = 0


def make(scale):
    class Scaled:
        def __init__(self, size):
            self.size = size * scale

    return Scaled


Doubled = make(2)
`,
  'm.py': `from shapes import Point


def area(box, height):
    return box.width * box.height * height


def volume(crate):
    return crate.width * crate.height * crate.depth


def moved(point, by):
    return Point(point.x + by, point.y).x * 10 + point.y


def doubled(doubled, unit):
    return f'{doubled.size} {unit}'


def height(box, height):
    return f'{box.height + height} {box.unit}'


def half(fraction):
    return fraction.numerator * 2


def steps(box, least):
    yield box
    yield from box.spans(least)
`,
  'test_m.py': `import unittest
from fractions import Fraction
import m
from shapes import Box, Crate, Doubled, Point

class T(unittest.TestCase):
    def test_it(self):
        for width, height in ((2, 3), (4, 1), (5, 5)):
            box = Box(width, height)
            m.area(box, 7)
            Box(3, 4).fits(box)
            m.volume(Crate(box, None, 2))
            Crate(box, None, 2).scaled(5)
            m.moved(Point(width, height), 1)
            m.doubled(Doubled(width), 'm')
            m.height(Box(width, height, unit='mm'), 2)
            m.half(Fraction(width, height))
            list(m.steps(box, 1))
`,
};

it.runIf(works)(
  'mines functions and methods that take objects by what the tests made these of',
  { timeout: 120_000 },
  async () => {
    const env = { ...process.env, AUTODIDACT_CACHE: await temporaryFolder({}) };
    const mined = await mineFiles(files, { sources: ['recorded'], recording: { python: 'python3', env } });
    const seeds = mined.seeds.filter(({ provenance: { file } }) => file !== 'test_m.py');
    const entryOf = (symbol: string) =>
      seeds
        .find(({ provenance }) => provenance.symbol === symbol)
        ?.program.split('\n\n\n')
        .at(-1);
    expect(entryOf('area')).toBe(
      'def area_of(width, box_height, height):\n    return area(Box(width, box_height), height)\n',
    );
    expect(entryOf('Box.fits')).toBe(
      'def box_fits(width, height, other_width, other_height):\n    return Box(width, height).fits(Box(other_width, other_height))\n',
    );
    expect(entryOf('volume')).toBe(
      'def volume_of(width, height, depth):\n    return volume(Crate(Box(width, height), None, depth))\n',
    );
    expect(entryOf('Crate.scaled')).toBe(
      'def crate_scaled(width, height, depth, height_given):\n    return Crate(Box(width, height), None, depth).scaled(height_given)\n',
    );
    expect(entryOf('moved')).toBe('def moved_of(x, y, by):\n    return moved(Point(x, y), by)\n');
    expect(entryOf('doubled')).toBe('def doubled_of(size, unit):\n    return doubled(Doubled(size), unit)\n');
    expect(entryOf('steps')).toBe(
      'def steps_of(width, height, least):\n    return [str(item) for item in steps(Box(width, height), least)]\n',
    );
    const calls = seeds.map(({ entry, call, output }) => `${entry}${call} = ${output}`);
    for (const call of [
      'area_of(2, 3, 7) = 42',
      'box_fits(3, 4, 2, 3) = True',
      'volume_of(4, 1, 2) = 8',
      'moved_of(5, 5, 1) = 65',
      "doubled_of(5, 'm') = '10 m'",
      "steps_of(4, 1, 1) = ['4 cm', '4 cm', '3 cm', '2 cm']",
    ])
      expect(calls).toContain(call);
    expect(entryOf('height')).toBe(
      'def height_of(width, box_height, unit, height_given):\n    return height(Box(width, box_height, unit=unit), height_given)\n',
    );
    expect(entryOf('Box.spans')).toBe(
      'def box_spans(width, height, width_given):\n    return [str(item) for item in Box(width, height).spans(width_given)]\n',
    );
    expect(entryOf('Crate.__init__')).toBe(
      'def crate_init(width, height, depth):\n    made = Crate(Box(width, height), None, depth)\n    return vars(made)\n',
    );
    // Its objects are of a class that is not the workspace's.
    expect(entryOf('half')).toBeUndefined();
    for (const { provenance } of seeds)
      expect(provenance).toMatchObject({ source: 'recorded', callFile: 'test_m.py', callLine: null });
  },
);
