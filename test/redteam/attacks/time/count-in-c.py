# expect: limit (cpu|wall)
# row: 5
import itertools


def f(x):
    return max(itertools.count())
