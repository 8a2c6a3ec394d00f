# expect: drifts
# row: 43
def f(x):
    return next(iter({'p', 'q', 'r'}))
