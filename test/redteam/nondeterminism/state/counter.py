# expect: drifts
# row: 47
count = 0


def f(x):
    global count
    count += 1
    return count
