# expect: drifts
numbers = iter(range(100))


def f(x):
    return next(numbers)
