# expect: drifts
# row: 46
import time


def f(x):
    hour = time.localtime().tm_hour
    return 'Good day' if 6 <= hour < 18 else 'Good night'
