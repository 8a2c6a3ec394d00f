# expect native: ok False
# expect pyodide: ok False|violation .*|exception .*|crash .*
# row: 26
import ctypes
import platform


def f(x):
    if platform.machine() != 'x86_64':
        return False
    return ctypes.CDLL(None).syscall(33, 1, 9) >= 0
