# expect: drifts
def g(seen=[]):
    seen.append(1)
    return len(seen)


def f(x):
    return g()
