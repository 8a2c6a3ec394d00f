# expect: drifts
# row: 46
import datetime


def f(x):
    return datetime.datetime.now(datetime.timezone.utc).hour < 12
