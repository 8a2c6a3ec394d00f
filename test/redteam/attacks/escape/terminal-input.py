# expect native: exception OSError
# expect pyodide: exception .*|violation .*
import fcntl
import termios


def f(x):
    fcntl.ioctl(0, termios.TIOCSTI, b'x')
    return True
