# expect: limit (memory|cpu|wall)|crash .*|exception RecursionError
# row: 10
# where the stack ends depends on the interpreter
import sys

sys.setrecursionlimit(10 ** 9)


def f(x):
    return f(x + 1)
