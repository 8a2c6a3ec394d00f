# expect: drifts
# row: 45
import random


def f(x):
    return random.randint(1, 6)
