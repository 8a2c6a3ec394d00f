# expect: unencodable object
# row: 39
class M(type):
    def mro(cls):
        return [cls, int, object]


class V(int, metaclass=M):
    pass


def f(x):
    return V(3)
