# expect native: ok False
# expect pyodide: ok False|violation .*|exception .*|crash .*
# row: 23
import ctypes
import platform


def f(x):
    if platform.machine() != 'x86_64':
        return False
    return ctypes.CDLL(None).syscall(46, 1, 0, 0) >= 0
