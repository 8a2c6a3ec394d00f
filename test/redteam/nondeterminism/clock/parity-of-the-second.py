# expect: drifts
import time


def f(x):
    return int(time.time()) % 2 == 0
