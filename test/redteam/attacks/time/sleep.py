# expect native: limit wall
# expect pyodide: limit wall|violation .*
# row: 4
import time


def f(x):
    time.sleep(60)
