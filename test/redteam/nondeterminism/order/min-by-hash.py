# expect: drifts
# row: 43
def f(x):
    return min(['a', 'b', 'c', 'd'], key=hash)
