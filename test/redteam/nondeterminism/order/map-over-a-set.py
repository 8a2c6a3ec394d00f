# expect: drifts
def f(x):
    return list(map(len, {'a', 'bb', 'ccc', 'dddd'}))
