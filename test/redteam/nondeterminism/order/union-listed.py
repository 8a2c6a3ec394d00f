# expect: drifts
def f(x):
    return list({'a', 'b'} | {'c', 'd'})
