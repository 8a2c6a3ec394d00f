# expect: drifts
def f(x):
    return ' '.join(set('alphabet') - set('beta'))
