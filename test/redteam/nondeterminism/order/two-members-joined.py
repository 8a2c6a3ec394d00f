# expect: drifts
def f(x):
    return '-'.join({'left', 'right'})
