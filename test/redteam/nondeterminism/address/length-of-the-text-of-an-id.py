# expect: drifts
def f(x):
    return str(id([x]))[2:6]
