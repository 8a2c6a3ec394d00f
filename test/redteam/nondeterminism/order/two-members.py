# expect: drifts
# row: 48
def f(x):
    return list({'yes', 'no'})[0]
