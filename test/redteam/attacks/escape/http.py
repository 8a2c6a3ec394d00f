# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 23
import urllib.request


def f(x):
    urllib.request.urlopen('http://127.0.0.1:11434', timeout=1)
    return True
