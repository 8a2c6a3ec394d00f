# expect native: exception PermissionError
# expect pyodide: exception .*|violation .*
# row: 24
import fcntl


def f(x):
    fcntl.fcntl(0, fcntl.F_SETOWN, 1)
    return True
