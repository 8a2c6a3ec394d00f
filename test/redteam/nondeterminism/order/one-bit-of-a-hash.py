# expect: drifts
def f(x):
    return hash('coin') % 2 == 0
