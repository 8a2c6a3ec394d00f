# expect native: ok b''|limit wall
# expect pyodide: ok b''|violation .*
# row: 53
# reading the end of a pipe that nobody writes to waits
import os


def f(x):
    found = b''
    for fd in range(16):
        try:
            found += os.read(fd, 100)
        except OSError:
            pass
    return found
