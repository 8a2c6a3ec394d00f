# expect: limit cpu
# row: 6
def f(x):
    return 10 ** 10 ** 8 > 0
