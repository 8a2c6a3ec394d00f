# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 24
import os


def f(x):
    os.killpg(0, 9)
    return True
