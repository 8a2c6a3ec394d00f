# expect: limit memory|limit .*|exception .*|ok 999999999|crash .*
# row: 9
def f(x):
    return len('%' + '9' * 9 + 'd' and '%999999999d' % 1)
