# expect: drifts
# row: 43
import itertools


def f(x):
    return [k for k, _ in itertools.groupby({'ax', 'ay', 'bx', 'by'}, key=lambda w: w[0])]
