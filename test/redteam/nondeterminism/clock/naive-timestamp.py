# expect: drifts
# row: 46
import datetime


def f(x):
    return datetime.datetime(2021, 3, 4).timestamp()
