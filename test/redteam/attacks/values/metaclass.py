# expect: unencodable object
# row: 39
class M(type):
    def __eq__(self, other):
        return True

    def __instancecheck__(self, other):
        return True

    __hash__ = type.__hash__


class V(metaclass=M):
    pass


def f(x):
    return V()
