# expect: drifts
# row: 46
import gzip


def f(x):
    return gzip.compress(b'abc', mtime=None)[4:8]
