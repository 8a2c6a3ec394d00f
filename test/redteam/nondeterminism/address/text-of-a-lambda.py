# expect: drifts
def f(x):
    return repr(lambda: 1)[-5:]
