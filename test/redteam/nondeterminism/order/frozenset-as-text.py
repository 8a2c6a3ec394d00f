# expect: drifts
def f(x):
    return str(frozenset(['ab', 'cd', 'ef']))
