# expect: drifts
import datetime


def f(x):
    return datetime.datetime.now().microsecond
