# expect: drifts
# row: 43
def f(x):
    return sorted({'aa', 'bb', 'cc', 'd'}, key=len)
