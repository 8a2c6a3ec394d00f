# expect: drifts
import datetime


def f(x):
    y = datetime.date.today().year
    return y % 4 == 0
