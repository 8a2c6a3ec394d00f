# expect: drifts
def f(x):
    return list({'a', None, 'b', 1, 'c'})
