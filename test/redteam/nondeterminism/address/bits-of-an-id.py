# expect: drifts
def f(x):
    return (id(object()) >> 4) % 4
