# expect: unencodable object
class L(list):
    def __iter__(self):
        return iter([1, 2, 3])


def f(x):
    return [1, L([9])]
