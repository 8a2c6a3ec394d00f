# expect: ok 1
# row: 50
import sys


def f(x):
    sys.settrace(lambda *a: None)
    sys.setprofile(lambda *a: None)
    return 1
