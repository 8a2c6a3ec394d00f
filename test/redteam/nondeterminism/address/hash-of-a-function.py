# expect: drifts
# row: 44
def f(x):
    return hash(f) % 997
