# expect: limit (cpu|wall)
# row: 5
def f(x):
    return sum(range(10**12))
