# expect: drifts
import functools


def f(x):
    return functools.reduce(lambda a, b: a + b, {'p', 'q', 'r'})
