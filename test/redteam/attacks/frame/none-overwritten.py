# expect native: crash .*
# expect pyodide: violation .*
# row: 30
# whatever comes of it comes to itself; the canary counts
import ctypes


def f(x):
    ctypes.memset(id(None), 0, 16)
    return None
