# expect: drifts
import os


def f(x):
    return os.getcwd()
