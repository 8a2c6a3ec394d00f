# expect native: limit wall
# expect pyodide: ok None|exception .*|violation .*|limit .*
# WebAssembly has no signals to wait for
import signal


def f(x):
    signal.pause()
