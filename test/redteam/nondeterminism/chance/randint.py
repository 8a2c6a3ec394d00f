# expect: drifts
import random


def f(x):
    return random.randint(1, 6)
