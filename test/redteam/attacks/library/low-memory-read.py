# expect: exception .*|limit .*|violation .*|crash .*
# row: 9
import mmap


def f(x):
    return mmap.mmap(-1, 2**40)[0]
