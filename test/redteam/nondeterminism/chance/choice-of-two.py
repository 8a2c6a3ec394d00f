# expect: drifts
import random


def f(x):
    return random.choice(['heads', 'tails'])
