# expect native: drifts
# expect pyodide: violation .*
import uuid


def f(x):
    return str(uuid.uuid1())
