# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 21
import os


def f(x):
    os.posix_spawn('/bin/sh', ['sh'], {})
    return True
