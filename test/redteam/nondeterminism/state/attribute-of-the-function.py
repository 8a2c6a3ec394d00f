# expect: drifts
# row: 47
def f(x):
    f.calls = getattr(f, 'calls', 0) + 1
    return f.calls
