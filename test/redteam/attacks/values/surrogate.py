# expect: ok '.ud800'
# row: 42
def f(x):
    return '\ud800'
