# expect: ok 1
import sys


def f(x):
    sys.excepthook = sys.displayhook = sys.unraisablehook = lambda *a: 1 / 0
    sys.stdout = sys.stderr = None
    return 1
