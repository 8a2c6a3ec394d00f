# expect: drifts
def f(x):
    return {'even', 'odd'}.pop()
