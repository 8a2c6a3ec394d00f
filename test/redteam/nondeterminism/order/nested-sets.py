# expect: drifts
# row: 43
def f(x):
    return [sorted(s) for s in {frozenset('ab'), frozenset('cd'), frozenset('ef')}]
