import { describe, expect, it } from 'vitest';
import { slice, slicedOf } from '../../../../test/support/sliced.ts';

describe('losses', () => {
  const many = Array.from({ length: 160 }, (_, n) => `A${n}`);

  it.each([
    ['A = open("x")\ndef f(x): return A', 'does-io: open'],
    ['import random\nA = random.random()\nclass B:\n    c = A\ndef f(x): return B', 'does-io: random.random'],
    ['import time\nA = time.time()\ndef f(x, a=A): return a', 'does-io: time.time'],
    ['from time import time as now\ndef f(x, at=now()): return at', 'does-io: time.time'],
    ['import datetime as dt\n@dt.datetime.now\ndef f(x): return x', 'decorated: datetime.datetime.now'],
    ['import subprocess as s\nclass A:\n    b = s.run\ndef f(x): return A', 'does-io: subprocess.run'],
    ['def f(x): return nowhere(x)', 'unknown-name: nowhere'],
    ['from math import *\ndef f(x): return sqrt(x)', 'unknown-name: sqrt'],
    ['P = __file__\nprint(P)\ndef f(x): return P', 'does-io: __file__'],
    ['import numpy as np\nA = np.array(3)\ndef f(x): return A', 'third-party-import: numpy.array'],
    ['from .missing import g\ndef f(x, y=g()): return x', 'third-party-import: .missing.g'],
    ['import click\n@click.command()\ndef f(x): return x', 'decorated: click.command'],
    [
      `${many.join(' = 1\n')} = 1\ndef f(x): return [${many.join(', ')}]`,
      'program-too-large: more than 150 statements',
    ],
  ])('of %j', async (module, loss) => {
    expect(await slice(`${module}\n`)).toBe(loss);
  });

  it('allows what has no effect', async () => {
    const module =
      'import os.path\nfrom datetime import date\ndef f(x): return os.path.join(x, str(date(2000, 1, 1)))\n';
    expect(await slice(module)).toContain('import os.path\nfrom datetime import date\n');
    const asks = "import sys\nPYPY = hasattr(sys, 'pypy_version_info')\ndef f(x): return PYPY or x\n";
    expect(await slice(asks)).toContain('import sys\n');
  });
});

describe('effects', () => {
  it.each([
    ['def f(x): return open(x)', 'open', 'open'],
    ['def g(x): exec(x)\ndef f(x): return g(x)', 'exec', 'exec'],
    ['import random\ndef f(x): return random.random()', 'random.random', 'random.random'],
    ['from time import time as now\ndef f(x): return now()', 'now', 'time.time'],
    ["import os\ndef f(x): return getattr(os, 'getcwd')()", 'os', 'os.getcwd'],
    ['import datetime as dt\ndef f(x): return dt.datetime.now()', 'dt.datetime.now', 'datetime.datetime.now'],
    ['def f(x):\n    import subprocess\n    return x', 'import subprocess', 'subprocess'],
    ['def f(x):\n    import numpy\n    return x', 'import numpy', 'numpy'],
    ['import numpy as np\ndef f(x): return np.array(x)', 'np.array', 'numpy.array'],
    ['from .missing import g\ndef f(x): return g(x)', 'g', '.missing.g'],
    ['import random\nA = random.random()\ndef f(x): return A', 'A', 'random.random'],
    ['class A: pass\ndef f(x): return A.__subclasses__()', '.__subclasses__', '__subclasses__'],
    ['class A: pass\ndef f(x): return A.__module__', '.__module__', '__module__'],
    ['P = __file__\ndef f(x): return P', 'P', '__file__'],
    [
      'try: import pytz\nexcept ImportError: import zoneinfo\ndef f(x): return zoneinfo',
      'zoneinfo',
      'zoneinfo',
    ],
    ['try:\n    import pwd\nexcept ImportError:\n    pass\ndef f(x): return pwd', 'pwd', 'pwd'],
  ])('of functions are told: %j', async (module, written, name) => {
    const sliced = await slicedOf({ 'm.py': `${module}\n` });
    const effects = sliced.ok ? [...sliced.effects].map(([text, { detail }]) => [text, detail]) : [];
    expect(effects).toEqual([[written, name]]);
  });

  it('of values at the top reach all that is made of them, by the names that the program has', async () => {
    const sliced = await slicedOf({
      'm.py':
        "import os\nfrom other import HERE as B, text\nHERE = os.path.join(B, 'm')\nDATA = [HERE]\ndef f(x): return text(x) or DATA\n",
      'other.py': 'import os\nHERE = os.path.dirname(__file__)\nSIZE = 3\ndef text(x): return x * SIZE\n',
    });
    if (!sliced.ok) throw new Error(sliced.loss);
    expect([...sliced.effects.keys()]).toEqual(['other_HERE', 'HERE', 'DATA']);
    expect(sliced.source('none').split('\n').slice(0, 5)).toEqual([
      'import os',
      '',
      "__file__ = 'other.py'",
      'other_HERE = os.path.dirname(__file__)',
      'SIZE = 3',
    ]);
  });

  it('are imported for the functions that may have them', async () => {
    const module = 'import random, re\ndef f(x): return x or random.random()\n';
    expect(await slice(module)).toBe('import random\n\n\ndef f(x): return x or random.random()\n');
  });
});
