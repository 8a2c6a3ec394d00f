# expect: drifts
import time


def f(x):
    return int(time.perf_counter())
