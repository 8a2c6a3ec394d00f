# expect: drifts
def f(x):
    return sorted('abcdefgh', key=hash)
