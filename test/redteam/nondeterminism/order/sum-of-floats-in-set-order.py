# expect: drifts
# row: 43
def f(x):
    total = 0.0
    for name in {'a', 'b', 'c', 'd', 'e'}:
        total += {'a': 1e16, 'b': 1.0, 'c': -1e16, 'd': 3.5, 'e': 0.1}[name]
    return total
