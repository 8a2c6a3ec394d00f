# expect: exception Exception
class KeyError_(Exception):
    pass


KeyError_.__name__ = 'KeyError'
KeyError_.__module__ = 'builtins'


def f(x):
    raise KeyError_(1)
