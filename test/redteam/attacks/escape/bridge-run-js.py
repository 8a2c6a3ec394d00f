# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    from pyodide.code import run_js
    return run_js('process.pid') > 0
