# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    import js
    return js.process.pid > 0
