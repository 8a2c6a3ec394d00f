# expect: drifts|ok .*
# row: 44
# since 3.12 it is the same everywhere
def f(x):
    return hash(None)
