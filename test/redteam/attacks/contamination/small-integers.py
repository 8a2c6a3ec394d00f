# expect native: ok 1|crash .*
# expect pyodide: violation .*
# it may spoil its own result; the canary counts
import ctypes


def f(x):
    ctypes.c_int.from_address(id(4) + 24).value = 5
    return 1
