# expect: drifts
import random


def f(x):
    return random.random()
