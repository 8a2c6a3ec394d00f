# expect native: exception PermissionError
# expect pyodide: exception OSError|violation .*
# row: 19
import os


def f(x):
    os.fork()
    return True
