# expect: unencodable function
# row: 40
def f(x):
    return f
