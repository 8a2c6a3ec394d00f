# expect: drifts
# row: 45
import random


n = random.random()


def f(x):
    return n
