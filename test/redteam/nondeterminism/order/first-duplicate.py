# expect: drifts
# row: 43
def f(x):
    return [w for w in set('the cat the dog the end'.split())][0]
