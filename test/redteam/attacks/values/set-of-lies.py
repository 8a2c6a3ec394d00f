# expect: unencodable object
class S(frozenset):
    def __iter__(self):
        return iter([1])


def f(x):
    return S([2])
