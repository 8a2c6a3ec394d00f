# expect: drifts
# row: 44
def f(x):
    return str(id([x]))[2:6]
