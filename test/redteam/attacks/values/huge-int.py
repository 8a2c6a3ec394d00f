# expect: unencodable int
def f(x):
    return 1 << 5000
