import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openWorkspace } from '../workspace.ts';
import { sliceProgram } from './program.ts';

const signal = new AbortController().signal;

/** The class `C` of a module as it is cut for a method. */
async function cut(module: string, asks: readonly string[]): Promise<string> {
  const folder = await temporaryFolder({ 'm.py': module });
  const workspace = openWorkspace(['m.py'], { folder, maxFileBytes: 100_000 });
  const loaded = await workspace.load('m.py', signal);
  if (!loaded.ok) throw new Error(loaded.loss);
  const [statement] = loaded.module.definitions.get('C') ?? [];
  if (statement === undefined) throw new Error('There is no C.');
  const sliced = await sliceProgram(loaded.module, statement, workspace, signal, { asks });
  return sliced.ok ? sliced.source('docstrings') : `${sliced.loss}: ${sliced.detail}`;
}

const names = (program: string) => [...program.matchAll(/def (\w+)/g)].map(([, name]) => name);

describe('a class in a program', () => {
  const module = `import os
import re

class C:
    """Does much."""
    size = 3

    # Saves it.
    def save(self, path):
        with open(path) as file:
            os.remove(path)

    def first(self, x):
        return self.helper(x) * self.size

    def helper(self, x):
        return re.escape(x)

    other = save

    def second(self, x):
        return getattr(self, 'third')(x)

    def third(self, x):
        return x

    def __len__(self):
        return 3

    def __repr__(self):
        return 'C'

    def __add__(self, other):
        return os.getcwd()
`;

  it('has the methods that the entry can come to call, and what these need', async () => {
    expect(await cut(module, ['first'])).toBe(`import re


class C:
    """Does much."""
    size = 3

    def first(self, x):
        return self.helper(x) * self.size

    def helper(self, x):
        return re.escape(x)

    def __len__(self):
        return 3
`);
  });

  it('has methods that are named in texts, under other names, and by operators', async () => {
    expect(names(await cut(module, ['second']))).toEqual(['second', 'third', '__len__']);
    expect(names(await cut(module, ['other']))).toContain('save');
    expect(await cut(module, ['__add__'])).toContain('import os\n');
    const printed = module.replace('return x\n', "return f'{x}{self}'\n");
    expect(names(await cut(printed, ['third']))).toContain('__repr__');
  });

  it('holds something where nothing is left', async () => {
    const program = await cut('class C:\n    """Doc."""\n    def a(self):\n        pass\n', []);
    expect(program).toBe('class C:\n    """Doc."""\n    pass\n');
    expect(await cut('class C:\n    def a(self):\n        pass\n', [])).toBe('class C:\n    pass\n');
  });

  it('is whole where a base class may call any of its methods', async () => {
    const parser =
      'from html.parser import HTMLParser\n\n\nclass C(HTMLParser):\n    def handle_data(self, data):\n        pass\n';
    expect(await cut(parser, ['feed'])).toContain('def handle_data');
  });
});
