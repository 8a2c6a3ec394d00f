# expect native: exception (ModuleNotFoundError|ImportError|OSError|PermissionError)|ok False
# expect pyodide: exception .*|violation .*|ok False|crash .*
# row: 32
def f(x):
    import gc
    return any(type(thing).__name__ == 'JsProxy' and thing.constructor for thing in gc.get_objects())
