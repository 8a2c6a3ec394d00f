# expect: exception (RecursionError|JSONDecodeError|ValueError)|crash .*
# how deep C may go differs between versions
import json


def f(x):
    return json.loads('[' * 100000)
