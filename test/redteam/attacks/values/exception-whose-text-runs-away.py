# expect: exception ValueError
class E(ValueError):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def f(x):
    raise E()
