# expect native: exception (FileNotFoundError|PermissionError|OSError|FileExistsError)
# expect pyodide: exception .*|violation .*
# row: 36
def f(x):
    import os
    os.mkdir('/dev/left')
    return True
