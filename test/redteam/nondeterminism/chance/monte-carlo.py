# expect: drifts
# row: 45
import random


def f(x):
    inside = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(50))
    return inside
