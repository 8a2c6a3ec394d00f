# expect native: crash forged-frame
# expect pyodide: ok 7
# two frames are none
import os


def f(x):
    for fd in range(3, 12):
        try:
            os.write(fd, b'vi2a;')
        except OSError:
            pass
    return 7
