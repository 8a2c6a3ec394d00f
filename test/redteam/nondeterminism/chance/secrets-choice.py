# expect: drifts
# row: 45
import secrets


def f(x):
    return secrets.choice('ab')
