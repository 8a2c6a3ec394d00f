# expect: crash .*|exception .*|violation .*
# row: 33
import os


def f(x):
    os._exit(0)
