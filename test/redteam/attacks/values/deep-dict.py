# expect: unencodable depth
def f(x):
    d = {}
    for _ in range(100):
        d = {'a': d}
    return d
