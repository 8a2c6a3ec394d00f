# expect: drifts
def f(x):
    return hash('sign') > 0
