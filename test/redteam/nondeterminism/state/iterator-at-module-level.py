# expect: drifts
# row: 47
numbers = iter(range(100))


def f(x):
    return next(numbers)
