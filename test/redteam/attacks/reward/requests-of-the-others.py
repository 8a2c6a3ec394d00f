# expect: ok ..
# row: 53
import os


def f(x):
    return [fd for fd in (10, 11) if os.path.exists('/proc/self/fd/%d' % fd)] + [1 for fd in (10, 11) if can(fd)]


def can(fd):
    try:
        os.fstat(fd)
        return True
    except OSError:
        return False
