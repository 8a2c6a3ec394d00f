# expect native: ok \[1\]|crash .*
# expect pyodide: violation .*
# row: 30
# it may spoil its own result; the canary counts
import ctypes


def f(x):
    ctypes.memset(id(list) + 200, 0, 64)
    return [1]
