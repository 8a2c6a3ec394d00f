# expect native: crash .*|limit (cpu|wall)
# expect pyodide: limit (cpu|wall)
import os


def f(x):
    for fd in range(64):
        try:
            os.close(fd)
        except OSError:
            pass
    while True:
        pass
