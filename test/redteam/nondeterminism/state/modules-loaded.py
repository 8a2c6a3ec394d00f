# expect: drifts
# row: 47
import sys


def f(x):
    had = 'colorsys' in sys.modules
    import colorsys
    return had
