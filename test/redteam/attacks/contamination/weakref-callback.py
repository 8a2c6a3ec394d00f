# expect: ok 1
import weakref


class A:
    pass


kept = A()


def f(x):
    weakref.finalize(kept, print, 'left')
    return 1
