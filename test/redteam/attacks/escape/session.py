# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: ok True
# row: 26
# In WebAssembly there is no session: the call is a stub that says yes.
import os


def f(x):
    os.setsid()
    return True
