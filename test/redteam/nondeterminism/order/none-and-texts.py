# expect: drifts
# row: 43
def f(x):
    return list({'a', None, 'b', 1, 'c'})
