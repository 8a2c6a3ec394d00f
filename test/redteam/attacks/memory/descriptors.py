# expect: exception OSError
# row: 22
import os


def f(x):
    while True:
        os.open('/', 0)
