# expect: drifts
# row: 47
import itertools


ids = itertools.count()


def f(x):
    return next(ids)
