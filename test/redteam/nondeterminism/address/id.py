# expect: drifts
def f(x):
    return id([])
