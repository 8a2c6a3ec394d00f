# expect: drifts
# row: 46
import time


def f(x):
    return time.gmtime().tm_min < 30
