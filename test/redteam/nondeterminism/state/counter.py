# expect: drifts
count = 0


def f(x):
    global count
    count += 1
    return count
