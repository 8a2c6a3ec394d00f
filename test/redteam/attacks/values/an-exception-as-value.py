# expect: unencodable (object|ValueError)
# row: 40
def f(x):
    return ValueError(1)
