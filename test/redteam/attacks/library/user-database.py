# expect: exception .*|violation .*|crash .*
# row: 27
import pwd


def f(x):
    return pwd.getpwuid(0).pw_dir
