# expect: drifts
# row: 43
def f(x):
    return hash('abc')
