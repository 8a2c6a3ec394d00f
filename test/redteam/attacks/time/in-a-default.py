# expect: limit (cpu|wall)
def f(x, y=sum(iter(int, 1))):
    return y
