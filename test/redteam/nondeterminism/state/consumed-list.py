# expect: drifts
# row: 47
queue = [1, 2, 3]


def f(x):
    return queue.pop()
