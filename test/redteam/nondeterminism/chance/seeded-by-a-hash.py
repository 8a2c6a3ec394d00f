# expect: drifts
# row: 45
import random


def f(x):
    random.seed(hash('a'))
    return random.randint(0, 1000)
