# expect native: drifts
# expect pyodide: violation .*
# row: 45
import uuid


def f(x):
    return str(uuid.uuid1())
