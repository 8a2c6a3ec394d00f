# expect: drifts
def f(x):
    return tuple({'a', 'b', 'c'} ^ {'b', 'x', 'y'})
