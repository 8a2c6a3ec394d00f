# expect: drifts
# row: 44
def f(x):
    return id(object()) % 1000003
