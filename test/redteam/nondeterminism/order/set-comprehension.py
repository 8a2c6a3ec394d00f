# expect: drifts
# row: 43
def f(x):
    return [w.upper() for w in {w.strip() for w in ['a ', ' b', 'c', 'd']}]
