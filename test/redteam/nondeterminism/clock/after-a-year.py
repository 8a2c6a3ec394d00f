# expect: drifts
import datetime


def f(x):
    return datetime.date.today().year > 2020
