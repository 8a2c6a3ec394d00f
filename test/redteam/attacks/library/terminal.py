# expect: exception .*|violation .*|crash .*
# row: 25
import os
import pty


def f(x):
    return os.ttyname(0) + pty.__name__
