# expect: drifts
def f(x):
    return f"{set('hello')}"
