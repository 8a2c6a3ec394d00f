# expect: drifts
# row: 43
import functools


def f(x):
    return functools.reduce(lambda a, b: a + b, {'p', 'q', 'r'})
