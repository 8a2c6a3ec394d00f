# expect: unencodable object
# row: 39
class T(str):
    def __repr__(self):
        return '42'

    def __format__(self, spec):
        return '42'

    def encode(self, *a):
        return b'42'


def f(x):
    return T('7')
