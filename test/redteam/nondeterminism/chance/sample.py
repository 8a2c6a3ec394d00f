# expect: drifts
# row: 45
import random


def f(x):
    return random.sample(range(10), 3)
