# expect: unencodable depth
# row: 12
def f(x):
    y = []
    y.append(y)
    return y
