import { describe, expect, it } from 'vitest';
import { useMining } from '../../../test/support/mining.ts';
import { taskSize } from '../tasks/task-size.ts';

const { mineFiles } = useMining();

async function seedsOf(module: string) {
  return (await mineFiles({ 'm.py': module }, { sources: ['doctest'], maxFileBytes: 200_000 })).seeds;
}

/** Methods that words alone cannot tell to be idle: each is named by another one. */
const idle = (lines: number) =>
  Array.from(
    { length: 40 },
    (_, n) =>
      `    def step${n}(self, other):\n${`        other = other or self.start + ${n}\n`.repeat(lines)}        return [other.step${Math.max(0, n - 1)}(self) for _ in range(${n})]\n`,
  ).join('\n');

/** A class whose methods have so many lines that do nothing, each. */
const machineOf = (lines: number) => `class Machine:
    def __init__(self, start):
        self.start = start

    def run(self, count):
        if count > 100:
            return self.step39(self)
        return self.start * count

${idle(lines)}

def run(start, count):
    """
    >>> run(3, 4)
    12
    >>> run(0, 7)
    0
    """
    return Machine(start).run(count)
`;
const machine = machineOf(0);

describe('a program that is too large for a task', () => {
  it('is cut to what its calls execute', async () => {
    const seeds = await seedsOf(machine);
    expect(machine.length).toBeGreaterThan(taskSize.program);
    expect(seeds.map(({ call, output }) => `${call} = ${output}`)).toEqual(['(3, 4) = 12', '(0, 7) = 0']);
    expect(seeds[0]?.program).toContain('        return self.start * count\n\n\ndef run');
    expect(seeds[0]?.program).not.toContain('def step1(');
  }, 60_000);

  it('is cut where it is far larger', async () => {
    const module = machineOf(60);
    expect(module.length).toBeGreaterThan(80_000);
    const [seed] = await seedsOf(module);
    expect(seed?.program).toContain('        return self.start * count\n\n\ndef run');
    expect(seed?.program).not.toContain('def step1(');
  }, 60_000);

  it('is lost where the calls need it all', async () => {
    const all = machineOf(60)
      .replaceAll(/in range\([1-9]\d*\)/g, 'in range(1)')
      .replace('return self.start * count', 'return len(str(self.step39(self))) + self.start * count');
    const { seeds, losses } = await mineFiles(
      { 'm.py': all },
      { sources: ['doctest'], maxFileBytes: 200_000 },
    );
    expect(seeds).toEqual([]);
    expect(losses).toContain('run: program-too-large');
  }, 60_000);

  it('keeps what an abstract base class asks for', async () => {
    const module = machine
      .replace('class Machine:', 'from collections.abc import Sequence\n\n\nclass Machine(Sequence):')
      .replace(
        '    def run(self, count):',
        '    def __len__(self):\n        return 3\n\n    def __getitem__(self, index):\n        return index\n\n    def run(self, count):',
      );
    const [seed] = await seedsOf(module);
    expect(seed?.program).toContain('def __getitem__(');
    expect(seed?.program).not.toContain('def step1(');
  }, 60_000);

  it('stays whole where it would give something else', async () => {
    const listing = machine.replace(
      'return self.start * count',
      'return [n for n in dir(self) if "1" in n][:count]',
    );
    const [seed] = await seedsOf(listing);
    expect(seed?.output).toBe("['step1', 'step10', 'step11', 'step12']");
    expect(seed?.program).toContain('def step39(');
  }, 60_000);
});
