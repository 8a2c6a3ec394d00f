# expect: drifts
def f(x):
    return hash('bucket') % 16
