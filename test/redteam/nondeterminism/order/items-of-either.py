# expect: drifts
# row: 43
def f(x):
    return [k for k, v in {'a': 1, 'b': 2}.items() | {'c': 3, 'd': 4}.items()]
