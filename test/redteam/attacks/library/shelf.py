# expect: exception .*|violation .*|crash .*
# row: 36
import shelve


def f(x):
    shelve.open('/tmp/left')['a'] = 1
    return True
