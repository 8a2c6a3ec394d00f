# expect native: ok False
# expect pyodide: ok False|violation .*|exception .*|crash .*
# row: 36
import ctypes
import platform


def f(x):
    if platform.machine() != 'x86_64':
        return False
    return ctypes.CDLL(None).syscall(64, 1, 1, 0x3b6) >= 0
