# expect: exception .*|violation .*|crash .*
# row: 36
import mmap


def f(x):
    with open('/usr/lib/os-release', 'r+b') as file:
        return len(mmap.mmap(file.fileno(), 0))
