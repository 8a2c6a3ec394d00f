# expect: drifts
# row: 43
def f(x):
    return sorted('abcdefgh', key=hash)
