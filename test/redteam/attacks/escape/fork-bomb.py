# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 19
import os


def f(x):
    [os.fork() for _ in range(1000)]
    return True
