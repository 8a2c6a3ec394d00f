# expect: drifts
# row: 43
def f(x):
    return str(frozenset(['ab', 'cd', 'ef']))
