# expect: drifts
# row: 46
import time


def f(x):
    return time.mktime((2020, 1, 1, 0, 0, 0, 0, 0, 0))
