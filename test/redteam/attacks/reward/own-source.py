# expect: exception OSError
# row: 52
import inspect


def f(x):
    return inspect.getsource(f)
