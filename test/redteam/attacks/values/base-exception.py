# expect: exception BaseException
class E(BaseException):
    pass


def f(x):
    raise E
