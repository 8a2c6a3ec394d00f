# expect: drifts
# row: 46
import os


def f(x):
    return os.path.abspath('a.txt')
