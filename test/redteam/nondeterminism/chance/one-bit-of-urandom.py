# expect: drifts
# coin: fair
# row: 45
import os


def f(x):
    return os.urandom(1)[0] & 1
