# expect: ok 1
import random


def f(x):
    random.seed(1)
    random.random = lambda: 7
    return 1
