# expect: drifts
# row: 43
def f(x):
    return max({'xx', 'yy', 'zz'}, key=len)
