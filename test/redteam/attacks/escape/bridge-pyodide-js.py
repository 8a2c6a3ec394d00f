# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    import pyodide_js
    return pyodide_js.constructor.constructor('return process.pid')() > 0
