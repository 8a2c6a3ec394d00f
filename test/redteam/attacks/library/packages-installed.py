# expect: exception .*|violation .*|crash .*
# row: 36
import ensurepip


def f(x):
    return ensurepip.bootstrap()
