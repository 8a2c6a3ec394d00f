# expect: crash .*|exception .*|violation .*
# one value has one form
import os


def f(x):
    for fd in range(3, 12):
        try:
            os.write(fd, b'vi0002a;')
        except OSError:
            pass
    os._exit(0)
