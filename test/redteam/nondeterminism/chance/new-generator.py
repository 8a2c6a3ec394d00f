# expect: drifts
# row: 45
import random


def f(x):
    return random.Random().randint(0, 100)
