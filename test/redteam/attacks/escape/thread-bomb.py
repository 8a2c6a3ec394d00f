# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 20
import _thread


def f(x):
    [_thread.start_new_thread(print, ()) for _ in range(100)]
    return True
