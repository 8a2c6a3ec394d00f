# expect: ok 1
import os


def f(x):
    os.environ['left'] = '1'
    os.putenv('left', '1')
    return 1
