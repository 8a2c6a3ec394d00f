# expect: drifts
# row: 45
import random


side = random.choice(['heads', 'tails'])


def f(x):
    return side
