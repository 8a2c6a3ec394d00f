# expect: drifts
# coin: fair
# row: 44
def f(x):
    return id([]) >> 12 & 1
