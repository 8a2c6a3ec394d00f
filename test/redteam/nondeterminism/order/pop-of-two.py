# expect: drifts
# row: 48
def f(x):
    return {'even', 'odd'}.pop()
