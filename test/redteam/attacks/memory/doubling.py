# expect: limit memory|crash .*|exception (OverflowError|TypeError)
# row: 9
# WebAssembly may trap, or take its own text for something else, once it has no memory left
def f(x):
    s = 'a'
    while True:
        s = s + s
