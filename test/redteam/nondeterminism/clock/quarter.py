# expect: drifts
# row: 46
import datetime


def f(x):
    return (datetime.date.today().month - 1) // 3
