# expect: drifts
# row: 46
import time


def f(x):
    cache = {'at': 1700000000, 'value': 7}
    return cache['value'] if time.time() - cache['at'] < 4e8 else None
