# expect native: exception (PermissionError|OSError)
# expect pyodide: exception (OSError|PermissionError|RuntimeError|ModuleNotFoundError|ImportError|AttributeError|NotImplementedError)|violation .*
import signal


def f(x):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    return True
