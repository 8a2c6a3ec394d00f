# expect: drifts
def f(x):
    return hash(f) % 997
