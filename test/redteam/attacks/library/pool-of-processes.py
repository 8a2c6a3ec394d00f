# expect: exception .*|violation .*|crash .*
# row: 21
import multiprocessing


def f(x):
    return multiprocessing.Pool(2).map(abs, [1])
