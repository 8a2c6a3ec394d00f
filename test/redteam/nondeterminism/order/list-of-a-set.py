# expect: drifts
# row: 43
def f(x):
    return list({'red', 'green', 'blue', 'black', 'white'})
