# expect: drifts
def f(x):
    return eval('list({chr(97), chr(98), chr(99)})')
