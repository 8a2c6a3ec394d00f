# expect: drifts
def f(x):
    return hash(b'abc') % 64
