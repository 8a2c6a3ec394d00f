# expect: drifts
def f(x):
    return max({'xx', 'yy', 'zz'}, key=len)
