# expect: drifts
def f(x):
    return id([]) >> 12 & 1
