# expect: drifts
queue = [1, 2, 3]


def f(x):
    return queue.pop()
