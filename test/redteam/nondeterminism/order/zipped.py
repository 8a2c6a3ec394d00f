# expect: drifts
# row: 43
def f(x):
    return dict(zip({'k1', 'k2', 'k3', 'k4'}, range(4)))
