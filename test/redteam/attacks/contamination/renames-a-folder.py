# expect native: exception (PermissionError|OSError)
# expect pyodide: exception .*|violation .*
# row: 37
import os


def f(x):
    os.rename('/lib', '/left')
    return True
