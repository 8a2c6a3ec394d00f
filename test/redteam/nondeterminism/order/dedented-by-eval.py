# expect: drifts
# row: 43
def f(x):
    return eval('list({chr(97), chr(98), chr(99)})')
