# expect: exception .*|violation .*|crash .*
# row: 20
import concurrent.futures


def f(x):
    return list(concurrent.futures.ThreadPoolExecutor(2).map(abs, [1]))
