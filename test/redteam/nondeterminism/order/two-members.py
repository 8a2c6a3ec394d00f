# expect: drifts
def f(x):
    return list({'yes', 'no'})[0]
