# expect: limit cpu
# row: 6
def f(x):
    n = 3
    for _ in range(40):
        n = n * n
    return n > 0
