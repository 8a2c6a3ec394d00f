# expect: limit memory
# cannot be told from a real one, and need not be
def f(x):
    raise MemoryError
