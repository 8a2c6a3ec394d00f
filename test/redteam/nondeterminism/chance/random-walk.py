# expect: drifts
# row: 45
import random


def f(x):
    at = 0
    for _ in range(20):
        at += random.choice((-1, 1))
    return at
