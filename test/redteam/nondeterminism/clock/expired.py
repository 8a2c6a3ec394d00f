# expect: drifts
# row: 46
import datetime


def f(x):
    return datetime.datetime(2027, 1, 1) < datetime.datetime.now()
