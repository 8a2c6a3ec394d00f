# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 26
import os


def f(x):
    os.nice(-5)
    return True
