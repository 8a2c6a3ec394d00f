# expect: drifts
def f(x):
    return str(n for n in [1])
