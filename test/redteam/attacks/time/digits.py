# expect: limit cpu
# row: 6
def f(x):
    import sys
    sys.set_int_max_str_digits(0)
    return len(str(7 ** 3000000))
