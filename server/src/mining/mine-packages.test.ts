import { expect, it, onTestFinished } from 'vitest';
import { pythonEnvironment } from '../../../test/support/python-environment.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { type MineEvent, mine } from './mine.ts';

const { signal } = new AbortController();

const own = `
from shapes import registered, Point
from own import core
try:
    import absent
except ImportError:
    absent = None


@registered
def total(points):
    """
    >>> total([(1, 2), (3, 4)])
    10
    """
    return sum(Point(x, y).sum for x, y in points)


def scaled(number):
    """
    >>> scaled(3)
    30
    """
    return core.FACTOR * number if absent is None else absent


def dialled(host):
    """
    >>> dialled('a')
    1
    """
    from shapes.net import dial
    return dial(host)
`;

/** A package that `registered` and `Point` come from, and the workspace's own one in another version. */
const installed = {
  'shapes/__init__.py': `
class Point:
    def __init__(self, x, y):
        self.sum = x + y


def registered(function):
    return lambda points: function(points)
`,
  'shapes/net.py': 'import socket\ndef dial(host):\n    socket.socket()\n    return 1\n',
  'shapes-1.dist-info/METADATA': '',
  'own/__init__.py': '',
  'own/core.py': 'FACTOR = 77\n',
  'own/main.py': '',
};

/** The native sandbox with or without packages; undefined where it does not start here. */
async function sandboxOf(python: string, packages: boolean): Promise<Sandbox | undefined> {
  const options = { backend: 'native', python, packages, env: process.env } as const;
  return createSandbox(options, signal).catch((error: unknown) => {
    if (SandboxError.is(error)) return undefined;
    throw error;
  });
}

it('mines what needs an installed package, and slices what is the workspace’s own', {
  timeout: 120_000,
}, async (test) => {
  const { python } = await pythonEnvironment(installed);
  const folder = await temporaryFolder({
    'own/__init__.py': '',
    'own/core.py': 'FACTOR = 10\n',
    'own/main.py': own,
  });
  const mined = async (packages: boolean): Promise<readonly MineEvent[]> => {
    const sandbox = await sandboxOf(python, packages);
    if (sandbox === undefined) return test.skip('the native sandbox does not start here');
    onTestFinished(() => sandbox.close());
    const bounds = { exclude: [], maxFiles: 100, maxFileBytes: 100_000, sources: ['doctest'] as const };
    return Array.fromAsync(mine({ folder, ...bounds, split: { by: 'none' }, sandbox }, signal));
  };
  const told = (events: readonly MineEvent[]) => ({
    seeds: events.flatMap((event) =>
      event.type === 'seed' ? [`${event.seed.entry} ${event.seed.output}`] : [],
    ),
    losses: events.flatMap((event) => (event.type === 'loss' ? [`${event.symbol} ${event.loss}`] : [])),
  });

  const with_ = await mined(true);
  expect(told(with_).seeds.sort()).toEqual(['scaled 30', 'total 10']);
  // What it does when it is called decides, not that it is imported.
  expect(told(with_).losses).toEqual(['dialled does-io']);
  const seed = with_
    .flatMap((event) => (event.type === 'seed' ? [event.seed] : []))
    .find(({ entry }) => entry === 'total');
  expect(seed?.program).toContain('from shapes import Point, registered');
  expect(seed?.backend.version).toMatch(/^1\+packages\./);

  const without = await mined(false);
  expect(told(without).seeds).toEqual(['scaled 30']);
  expect(told(without).losses.sort()).toEqual(['dialled third-party-import', 'total decorated']);
});
