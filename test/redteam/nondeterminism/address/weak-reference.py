# expect: drifts
# row: 44
import weakref


def f(x):
    return str(weakref.ref(f))
