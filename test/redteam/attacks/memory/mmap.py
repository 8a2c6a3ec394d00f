# expect: exception (OSError|ValueError|OverflowError|PermissionError|ModuleNotFoundError)|limit memory|violation .*
import mmap


def f(x):
    return len(mmap.mmap(-1, 1 << 34))
