# expect: unencodable object
# row: 38
class E(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def f(x):
    return E(7)
