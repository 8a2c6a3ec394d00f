# expect native: drifts
# expect pyodide: ok 0
# row: 46
# nobody counts there
import sys


def f(x):
    return sys.getallocatedblocks()
