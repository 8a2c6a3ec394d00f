# expect: limit memory
# row: 8
def f(x):
    y = []
    while True:
        y.append([0] * 100000)
