# expect: ok 1
# row: 49
import atexit
import os


def f(x):
    atexit.register(lambda: [os.write(fd, b'vi7;') for fd in range(3, 8)])
    return 1
