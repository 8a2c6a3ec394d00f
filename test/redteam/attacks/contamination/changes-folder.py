# expect native: exception (PermissionError|OSError)
# expect pyodide: exception .*|violation .*
import os


def f(x):
    os.chdir('/usr')
    return True
