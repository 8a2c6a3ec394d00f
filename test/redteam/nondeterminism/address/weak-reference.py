# expect: drifts
import weakref


def f(x):
    return str(weakref.ref(f))
