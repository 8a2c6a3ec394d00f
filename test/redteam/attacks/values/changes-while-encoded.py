# expect: unencodable (object|depth)
class K(str):
    pass


def f(x):
    d = {}
    d[K('a')] = d
    return d
