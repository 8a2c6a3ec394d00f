# expect: drifts
# row: 43
def f(x):
    return ' '.join(set('alphabet') - set('beta'))
