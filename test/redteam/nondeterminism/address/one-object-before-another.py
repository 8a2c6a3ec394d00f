# expect: drifts
def f(x):
    a, b = object(), object()
    return id(a) < id(b)
