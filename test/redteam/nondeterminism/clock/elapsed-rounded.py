# expect: drifts
# row: 46
import time


def f(x):
    begun = time.time()
    sum(range(2000))
    return round(time.time() - begun, 4)
