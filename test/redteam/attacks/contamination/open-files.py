# expect: ok .True, True, True, True, True.
import os


def f(x):
    return [os.open('/', 0) > 2 for _ in range(5)]
