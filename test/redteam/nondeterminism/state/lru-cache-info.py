# expect: drifts
# row: 47
import functools


@functools.lru_cache
def square(n):
    return n * n


def f(x):
    square(x)
    return square.cache_info().hits
