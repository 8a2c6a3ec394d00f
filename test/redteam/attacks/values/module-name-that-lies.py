# expect: unencodable (object|int)
class int_(int):
    pass


int_.__module__ = 'builtins'
int_.__name__ = 'int'
int_.__qualname__ = 'int'


def f(x):
    return int_(5)
