# expect: drifts
def f(x):
    return hash(frozenset(['a', 'b'])) & 255
