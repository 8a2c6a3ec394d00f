# expect: ok False
# row: 53
import gc


def f(x):
    return any(isinstance(thing, (bytes, str)) and 'sameValue' in str(thing) for thing in gc.get_objects())
