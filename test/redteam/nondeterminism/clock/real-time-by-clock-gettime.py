# expect: drifts
# row: 46
import time


def f(x):
    return int(time.clock_gettime(time.CLOCK_REALTIME)) // 3600
