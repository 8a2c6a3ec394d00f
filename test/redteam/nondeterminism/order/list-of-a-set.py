# expect: drifts
def f(x):
    return list({'red', 'green', 'blue', 'black', 'white'})
