# expect: ok 1|exception RecursionError
# 50 may be less than what is in use
import sys


def f(x):
    sys.setrecursionlimit(50)
    return 1
