# expect: exception RecursionError|crash .*|limit memory
# row: 11
# C stacks differ
def f(x):
    y = []
    for _ in range(200000):
        y = [y]
    return len(repr(y))
