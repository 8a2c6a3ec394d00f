# expect: exception Exception
import warnings


def f(x):
    warnings.simplefilter('error')
    warnings.warn('left')
    return 1
