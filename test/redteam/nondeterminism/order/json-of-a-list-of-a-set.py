# expect: drifts
# row: 43
import json


def f(x):
    return json.dumps(list({'x', 'y', 'z'}))
