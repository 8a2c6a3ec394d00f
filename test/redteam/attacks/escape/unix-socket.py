# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 23
import socket


def f(x):
    socket.socket(socket.AF_UNIX)
    return True
