# expect: drifts
def f(x):
    a, *rest = {'one', 'two', 'three', 'four'}
    return a
