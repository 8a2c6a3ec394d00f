# expect: limit memory|exception OverflowError
# row: 9
def f(x):
    return len('a' * (2 * 10 ** 9))
