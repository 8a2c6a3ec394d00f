# expect: crash .*|exception .*|violation .*
import os


def f(x):
    for fd in range(3, 12):
        try:
            os.write(fd, bytes(range(256)))
        except OSError:
            pass
    os._exit(0)
