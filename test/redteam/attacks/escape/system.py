# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 21
import os


def f(x):
    os.system('true') == 0 or 1 / 0
    return True
