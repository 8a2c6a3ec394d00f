# expect: drifts
# row: 47
def g(seen=[]):
    seen.append(1)
    return len(seen)


def f(x):
    return g()
