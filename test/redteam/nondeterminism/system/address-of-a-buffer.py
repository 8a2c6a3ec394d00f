# expect native: drifts
# expect pyodide: violation .*
# row: 46
import ctypes


def f(x):
    return ctypes.addressof(ctypes.c_int(1)) % 4096 // 16 + ctypes.addressof(ctypes.c_int(1))
