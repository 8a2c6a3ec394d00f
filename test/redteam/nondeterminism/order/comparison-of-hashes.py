# expect: drifts
# row: 43
def f(x):
    return hash('left') < hash('right')
