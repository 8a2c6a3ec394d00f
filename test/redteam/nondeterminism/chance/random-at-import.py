# expect: drifts
import random


n = random.random()


def f(x):
    return n
