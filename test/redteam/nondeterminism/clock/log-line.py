# expect: drifts
# row: 46
import logging


def f(x):
    record = logging.LogRecord('a', 20, 'p', 1, 'm', (), None)
    return int(record.created)
