# expect: drifts
def f(x):
    return hash('abc')
