# expect: drifts
# row: 43
def f(x):
    return list(map(len, {'a', 'bb', 'ccc', 'dddd'}))
