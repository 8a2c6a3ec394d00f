# expect: drifts
def f(x):
    return id(object()) % 1000003
