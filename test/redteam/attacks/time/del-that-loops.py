# expect: limit cpu
# row: 49
class A:
    def __del__(self):
        while True:
            pass


def f(x):
    A()
    return 1
