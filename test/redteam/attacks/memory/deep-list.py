# expect: unencodable depth|crash .*
# row: 11
# freeing it may end the stack
def f(x):
    y = []
    for _ in range(200000):
        y = [y]
    return y
