# expect: drifts
# row: 44
def f(x):
    return repr(lambda: 1)[-5:]
