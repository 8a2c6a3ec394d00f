# expect: limit (cpu|memory)
def f(x):
    return list(iter(int, 1))
