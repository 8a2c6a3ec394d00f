# expect: drifts
# row: 43
def f(x):
    return f"{set('hello')}"
