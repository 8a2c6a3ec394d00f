# expect: drifts
def f(x):
    return sorted({'aa', 'bb', 'cc', 'd'}, key=len)
