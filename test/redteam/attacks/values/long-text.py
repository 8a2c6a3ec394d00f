# expect: unencodable size
# row: 15
def f(x):
    return 'a' * 10_000_000
