# expect: drifts
import os


def f(x):
    return os.urandom(4)
