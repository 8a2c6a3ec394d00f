# expect: drifts
import email.utils


def f(x):
    return email.utils.formatdate()
