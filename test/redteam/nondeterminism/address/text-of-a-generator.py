# expect: drifts
# row: 44
def f(x):
    return str(n for n in [1])
