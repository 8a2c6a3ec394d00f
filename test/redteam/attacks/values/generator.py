# expect: unencodable generator
# row: 40
def f(x):
    return (y for y in [x])
