# expect: drifts
# row: 43
def f(x):
    return hash(frozenset(['a', 'b'])) & 255
