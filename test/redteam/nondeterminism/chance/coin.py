# expect: drifts
import random


def f(x):
    return random.random() < 0.5
