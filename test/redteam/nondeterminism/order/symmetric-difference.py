# expect: drifts
# row: 43
def f(x):
    return tuple({'a', 'b', 'c'} ^ {'b', 'x', 'y'})
