# expect: drifts
# row: 48
def f(x):
    return {'a', 'b', 'c', 'd', 'e', 'f', 'g'}.pop()
