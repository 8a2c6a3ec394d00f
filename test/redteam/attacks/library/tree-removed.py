# expect: exception .*|violation .*|crash .*
# row: 28
import shutil


def f(x):
    shutil.rmtree('/usr/lib')
    return True
