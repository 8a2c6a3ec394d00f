# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 31
def f(x):
    import pyodide_js
    pyodide_js.loadPackage('micropip')
    return True
