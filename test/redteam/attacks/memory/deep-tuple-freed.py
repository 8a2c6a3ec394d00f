# expect: ok 1|crash .*|limit .*
# row: 11
# freeing it is allowed to work
def f(x):
    y = ()
    for _ in range(2_000_000):
        y = (y,)
    del y
    return 1
