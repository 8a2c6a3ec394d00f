# expect: drifts
# row: 46
import datetime


def f(x):
    return datetime.datetime.utcnow().hour // 12
