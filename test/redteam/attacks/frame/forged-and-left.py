# expect native: ok 42|crash .*
# expect pyodide: crash .*|exception .*|violation .*
# row: 17
# a forged frame is the same as returning that value
import os


def f(x):
    for fd in range(3, 12):
        try:
            os.write(fd, b'vi2a;')
        except OSError:
            pass
    os._exit(0)
