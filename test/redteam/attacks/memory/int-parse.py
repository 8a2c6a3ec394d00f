# expect: limit (cpu|memory|wall)
import sys


def f(x):
    sys.set_int_max_str_digits(0)
    return int('9' * 20_000_000) > 0
