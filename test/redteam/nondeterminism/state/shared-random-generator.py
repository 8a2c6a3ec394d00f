# expect: drifts
# row: 47
import random


generator = random.Random(7)


def f(x):
    return generator.randint(0, 10**6)
