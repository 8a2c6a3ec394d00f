# expect: drifts
# row: 43
def f(x):
    return list({'a', 'b'} | {'c', 'd'})
