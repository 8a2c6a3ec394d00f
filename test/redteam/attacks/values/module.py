# expect: unencodable (object|module)
# row: 40
import math


def f(x):
    return math
