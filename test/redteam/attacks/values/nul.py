# expect: ok 'a.x00b'
# row: 42
def f(x):
    return 'a\0b'
