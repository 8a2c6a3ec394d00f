# expect: ok '<built-in'
def f(x):
    return '{0.__class__.__mro__[1].__subclasses__}'.format(1)[:9]
