# expect: drifts
# row: 47
import sys


def f(x):
    sys.setrecursionlimit(sys.getrecursionlimit() - 1)
    return sys.getrecursionlimit()
