# expect: drifts
# row: 46
import datetime


def f(x):
    y = datetime.date.today().year
    return y % 4 == 0
