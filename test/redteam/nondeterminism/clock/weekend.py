# expect: drifts
import datetime


def f(x):
    return datetime.date.today().weekday() >= 5
