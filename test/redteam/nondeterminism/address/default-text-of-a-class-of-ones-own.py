# expect: drifts
# row: 44
class Point:
    x = 1


def f(x):
    return f'{Point()}'
