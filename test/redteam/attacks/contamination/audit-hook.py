# expect: ok 1
# it may spoil its own result; the canary counts
import sys


def f(x):
    def hook(event, args):
        raise RuntimeError('left')

    sys.addaudithook(hook)
    return 1
