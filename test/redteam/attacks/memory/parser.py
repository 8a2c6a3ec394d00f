# expect: exception (SyntaxError|MemoryError|RecursionError)|limit memory|crash .*
# row: 14
# parsers differ between versions
def f(x):
    return eval('(' * 50000 + ')' * 50000)
