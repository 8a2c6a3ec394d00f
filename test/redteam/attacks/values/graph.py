# expect: unencodable nodes
# row: 13
def f(x):
    y = [1]
    for _ in range(30):
        y = [y, y]
    return y
