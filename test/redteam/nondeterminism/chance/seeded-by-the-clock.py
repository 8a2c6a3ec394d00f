# expect: drifts
# row: 45
import random
import time


def f(x):
    random.seed(time.time())
    return random.randint(0, 1000)
