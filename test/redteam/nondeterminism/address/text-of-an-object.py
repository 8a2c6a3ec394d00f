# expect: drifts
def f(x):
    return repr(object())
