# expect: drifts
# row: 44
def f(x):
    a, b = object(), object()
    return id(a) < id(b)
