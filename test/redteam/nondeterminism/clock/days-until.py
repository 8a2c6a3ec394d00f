# expect: drifts
# row: 46
import datetime


def f(x):
    return (datetime.date(2030, 1, 1) - datetime.date.today()).days
