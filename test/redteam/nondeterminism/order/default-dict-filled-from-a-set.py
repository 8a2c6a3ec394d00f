# expect: drifts
# row: 43
import collections


def f(x):
    d = collections.defaultdict(list)
    for w in {'apple', 'avocado', 'bean', 'beet'}:
        d[w[0]].append(w)
    return dict(d)
