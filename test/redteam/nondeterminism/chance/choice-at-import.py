# expect: drifts
import random


side = random.choice(['heads', 'tails'])


def f(x):
    return side
