# expect: unencodable object
# row: 38
class D(dict):
    def items(self):
        return [('a', 1)]


def f(x):
    return D(b=2)
