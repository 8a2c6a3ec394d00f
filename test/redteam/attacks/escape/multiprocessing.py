# expect native: exception [A-Za-z]*(Error|error|herror|gaierror|URLError)|crash .*
# expect pyodide: exception [A-Za-z]+|violation .*|crash .*
# row: 21
import multiprocessing


def f(x):
    multiprocessing.Process(target=print).start()
    return True
