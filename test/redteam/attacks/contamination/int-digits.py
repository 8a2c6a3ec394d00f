# expect: ok 1
import sys


def f(x):
    sys.set_int_max_str_digits(640)
    return 1
