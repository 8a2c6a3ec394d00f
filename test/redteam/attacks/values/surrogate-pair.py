# expect: unencodable surrogates
# row: 42
def f(x):
    return '\ud800\udc00'
