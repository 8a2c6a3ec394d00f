# expect: drifts
def f(x):
    return str(f)
