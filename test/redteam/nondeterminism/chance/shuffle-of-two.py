# expect: drifts
# row: 45
import random


def f(x):
    y = [1, 2]
    random.shuffle(y)
    return y
