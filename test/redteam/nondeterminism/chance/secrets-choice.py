# expect: drifts
import secrets


def f(x):
    return secrets.choice('ab')
