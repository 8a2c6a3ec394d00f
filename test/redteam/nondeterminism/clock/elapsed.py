# expect: drifts
# row: 46
import time


def f(x):
    begun = time.perf_counter()
    sum(range(1000))
    return time.perf_counter() - begun
