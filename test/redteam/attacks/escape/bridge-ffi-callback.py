# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    import ctypes
    import sys
    if sys.platform != "emscripten":
        raise OSError
    return ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)() == 1
