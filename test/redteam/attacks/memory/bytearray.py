# expect: limit memory|exception OverflowError
# row: 56
def f(x):
    return len(bytearray(1 << 33))
