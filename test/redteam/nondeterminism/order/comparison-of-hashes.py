# expect: drifts
def f(x):
    return hash('left') < hash('right')
