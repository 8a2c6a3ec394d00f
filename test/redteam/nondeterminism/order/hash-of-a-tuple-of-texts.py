# expect: drifts
def f(x):
    return hash(('a', 1)) % 8
