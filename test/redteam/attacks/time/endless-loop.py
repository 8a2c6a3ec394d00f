# expect: limit cpu
# row: 1
def f(x):
    while True:
        pass
