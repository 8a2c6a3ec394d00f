# expect: unencodable type
# row: 40
def f(x):
    return int
