# expect native: exception (PermissionError|ValueError|OSError)
# expect pyodide: exception .*|violation .*
# row: 26
import resource


def f(x):
    resource.setrlimit(resource.RLIMIT_DATA, (-1, -1))
    return True
