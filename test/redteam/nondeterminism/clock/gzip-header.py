# expect: drifts
import gzip


def f(x):
    return gzip.compress(b'abc', mtime=None)[4:8]
