# expect native: exception (FileNotFoundError|PermissionError|NotADirectoryError|OSError)
# expect pyodide: exception (FileNotFoundError|PermissionError|NotADirectoryError|OSError)
# row: 25
def f(x):
    return open('/proc/2/mem', 'rb').read(1) is not None
