# expect: drifts
# row: 43
def f(x):
    return hash(('a', 1)) % 8
