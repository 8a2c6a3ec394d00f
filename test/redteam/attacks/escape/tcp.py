# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 23
import socket


def f(x):
    socket.create_connection(('1.1.1.1', 80), 1)
    return True
