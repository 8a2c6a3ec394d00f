# expect: drifts
# row: 43
import collections


def f(x):
    return collections.Counter({'a', 'b', 'c', 'd'}).most_common(2)
