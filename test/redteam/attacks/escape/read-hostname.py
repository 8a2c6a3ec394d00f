# expect native: exception (FileNotFoundError|PermissionError|NotADirectoryError|OSError)
# expect pyodide: exception (FileNotFoundError|PermissionError|NotADirectoryError|OSError)
# row: 27
def f(x):
    return open('/etc/hostname', 'rb').read(1) is not None
