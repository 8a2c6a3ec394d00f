# expect: drifts
# row: 46
import time


def f(x):
    return time.ctime()[-4:]
