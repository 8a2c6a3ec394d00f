# expect: drifts
# row: 46
import datetime


def f(x):
    born = datetime.date(2006, 6, 1)
    return (datetime.date.today() - born).days >= 18 * 365
