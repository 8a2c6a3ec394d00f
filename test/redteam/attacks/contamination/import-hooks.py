# expect: ok 1
# row: 50
import sys


def f(x):
    sys.meta_path.clear()
    sys.path.clear()
    sys.path_hooks.clear()
    return 1
