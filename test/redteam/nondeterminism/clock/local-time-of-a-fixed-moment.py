# expect: drifts
# row: 46
import time


def f(x):
    return time.localtime(86400 * 365).tm_hour
