# expect: drifts
# row: 46
import time


def f(x):
    return 1800000000 > time.time()
