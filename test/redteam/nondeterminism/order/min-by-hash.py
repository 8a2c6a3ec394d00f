# expect: drifts
def f(x):
    return min(['a', 'b', 'c', 'd'], key=hash)
