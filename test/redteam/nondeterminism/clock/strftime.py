# expect: drifts
import time


def f(x):
    return time.strftime('%Y-%m-%d')
