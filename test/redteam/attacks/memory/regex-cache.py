# expect: limit (cpu|memory)
import re


def f(x):
    return [bool(re.compile('a{%d}' % n)) for n in range(10 ** 6)][:1]
