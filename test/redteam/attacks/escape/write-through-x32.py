# expect native: violation system call|ok False
# expect pyodide: ok False|violation .*|exception .*|crash .*
# row: 26
# another numbering of the same calls: the process is ended
import ctypes
import platform


def f(x):
    if platform.machine() != 'x86_64':
        return False
    return ctypes.CDLL(None).syscall(0x40000000 + 39) >= 0
