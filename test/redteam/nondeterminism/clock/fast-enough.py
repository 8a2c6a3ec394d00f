# expect: drifts
# row: 46
import time


def f(x):
    begun = time.perf_counter()
    sum(range(2000))
    return time.perf_counter() - begun < 0.001
