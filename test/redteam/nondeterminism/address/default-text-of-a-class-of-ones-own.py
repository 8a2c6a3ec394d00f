# expect: drifts
class Point:
    x = 1


def f(x):
    return f'{Point()}'
