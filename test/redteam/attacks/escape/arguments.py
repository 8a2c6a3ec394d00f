# expect: ok False
# row: 53
import sys


def f(x):
    return any('/' in str(part) for part in sys.argv)
