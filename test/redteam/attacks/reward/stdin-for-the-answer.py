# expect: ok ''|exception .*
# row: 53
import sys


def f(x):
    return sys.stdin.read()
