# expect native: exception (FileNotFoundError|PermissionError|OSError)
# expect pyodide: exception (FileNotFoundError|PermissionError|OSError)|violation .*
# row: 36
def f(x):
    open('/usr/lib/left', 'w').close()
    return True
