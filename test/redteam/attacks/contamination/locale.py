# expect: ok 1
import locale


def f(x):
    locale.setlocale(locale.LC_ALL, 'C')
    return 1
