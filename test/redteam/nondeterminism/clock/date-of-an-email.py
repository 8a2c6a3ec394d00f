# expect: drifts
# row: 46
import email.utils


def f(x):
    return email.utils.formatdate()
