# expect: exception (RecursionError|SyntaxError|MemoryError)|limit memory|crash .*|ok 200000
# row: 14
# newer compilers take it
def f(x):
    return eval('+'.join(['1'] * 200000))
