# expect: drifts
# row: 43
def f(x):
    a = {'k1': 1, 'k2': 2, 'k3': 3}
    b = {'k2': 0}
    return list(a.keys() - b.keys())
