# expect: unencodable nodes|limit (cpu|memory)
# building it may already be too much
def f(x):
    # Finite, but longer than any budget of encoding.
    return list(range(10_000_000))
