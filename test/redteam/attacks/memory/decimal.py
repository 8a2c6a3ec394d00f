# expect: limit (memory|cpu|wall)|exception .*|crash .*
# row: 56
# each version gives up in its own way
import decimal


def f(x):
    decimal.getcontext().prec = decimal.MAX_PREC
    return str(decimal.Decimal(1) / 3)[:4]
