# expect: drifts
import datetime


def f(x):
    return datetime.datetime.utcnow().hour // 12
