# expect native: limit wall
# expect pyodide: exception .*|violation .*|limit .*|crash .*
# a lock cannot wait in WebAssembly
import threading


def f(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
