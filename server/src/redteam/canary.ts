import type { Execution } from '../sandbox/sandbox.ts';

/** A program that sees whether an earlier one left anything: names, patched builtins and modules, settings, files. */
export const canary: Execution = {
  program: `import builtins, gc, json, math, os, re, sys, threading, time

def f(x):
    left = [
        name for name in ('/tmp/left', '/dev/left', '/dev/shm/left', '/left', '/home/left', 'left')
        if os.path.exists(name)
    ]
    return [
        sorted([2, 1]), len('ab'), math.sqrt(4), json.dumps({'a': x}), str(x), isinstance(True, int),
        re.sub('a', 'b', 'aa'), sum(range(5)), [] == [1], hasattr(builtins, 'left'), 'left' in globals(),
        sys.gettrace() is None, sys.getprofile() is None, sys.getrecursionlimit() >= 1000, gc.isenabled(),
        threading.active_count(), hasattr(time, 'left'), 'left' in sys.modules, 'left' in os.environ, left,
        open.__name__, print.__name__, repr(int), type(x) is int, (lambda: 1)(),
    ]
`,
  entry: 'f',
  call: [{ type: 'int', value: 3n }],
};

/** What it says where nothing was left. */
export const canarySays =
  "ok [[1, 2], 2, 2.0, '{\"a\": 3}', '3', True, 'bb', 10, False, False, False, True, True, True, True, 1, False, False, False, [], 'open', 'print', \"<class 'int'>\", True, 1]";
