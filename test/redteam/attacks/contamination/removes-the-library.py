# expect native: exception (PermissionError|OSError)
# expect pyodide: exception .*|violation .*
# row: 37
import os


def f(x):
    os.unlink(os.__file__ if os.path.exists(os.__file__) else '/lib/python314.zip')
    return True
