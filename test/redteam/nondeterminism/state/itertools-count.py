# expect: drifts
import itertools


ids = itertools.count()


def f(x):
    return next(ids)
