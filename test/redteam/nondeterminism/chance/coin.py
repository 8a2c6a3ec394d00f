# expect: drifts
# row: 45
import random


def f(x):
    return random.random() < 0.5
