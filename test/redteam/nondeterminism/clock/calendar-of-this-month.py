# expect: drifts
# row: 46
import calendar
import time


def f(x):
    now = time.localtime()
    return [int(n) for n in calendar.monthrange(now.tm_year, now.tm_mon)]
