# expect: ok 2
# call: ('(f:=lambda *a:14)', '1) or (2')
# row: 51
def f(*a):
    return len(a)
