# expect: ok 1
# row: 34
import json
import math
import sys
import time

math.sqrt = lambda x: 7
json.dumps = None
time.left = 1
sys.modules['left'] = math


def f(x):
    return 1
