# expect: drifts
# row: 44
def f(x):
    return str(f)
