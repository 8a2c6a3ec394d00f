# expect: drifts
import secrets


def f(x):
    return secrets.token_hex(4)
