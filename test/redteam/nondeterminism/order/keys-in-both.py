# expect: drifts
# row: 43
def f(x):
    a = dict.fromkeys(['m', 'n', 'o', 'p'])
    return list(a.keys() & {'m', 'n', 'o'})
