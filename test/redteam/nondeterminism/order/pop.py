# expect: drifts
def f(x):
    return {'a', 'b', 'c', 'd', 'e', 'f', 'g'}.pop()
