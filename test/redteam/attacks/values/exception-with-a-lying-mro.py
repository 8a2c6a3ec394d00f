# expect: exception ValueError
class M(type):
    def mro(cls):
        return [cls, ValueError, Exception, BaseException, object]


class E(ValueError, metaclass=M):
    pass


def f(x):
    raise E(1)
