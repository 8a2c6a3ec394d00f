# expect: drifts
# row: 43
def f(x):
    a, *rest = {'one', 'two', 'three', 'four'}
    return a
