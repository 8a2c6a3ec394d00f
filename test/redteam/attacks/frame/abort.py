# expect: crash .*|violation .*|exception .*
# row: 30
import os


def f(x):
    os.abort()
