# expect: drifts
# row: 45
import secrets


def f(x):
    return secrets.token_hex(4)
