# expect: unencodable object
# row: 38
class E(int):
    __class__ = int


def f(x):
    return E(7)
