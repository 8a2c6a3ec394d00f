# expect native: crash .*
# expect pyodide: violation .*
# row: 30
# address zero is memory like any other in WebAssembly
import ctypes


def f(x):
    return ctypes.string_at(0)
