# expect: exception RecursionError|crash .*
# row: 14
import json


def f(x):
    return len(str(json.loads('[' * 100000 + ']' * 100000)))
