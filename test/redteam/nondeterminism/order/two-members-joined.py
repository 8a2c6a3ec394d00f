# expect: drifts
# row: 48
def f(x):
    return '-'.join({'left', 'right'})
