# expect: exception .*|violation .*|crash .*
# row: 23
import http.server


def f(x):
    return str(http.server.HTTPServer(('127.0.0.1', 0), None))
