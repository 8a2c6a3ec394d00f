# expect: drifts
# row: 47
class Thing:
    made = 0


def f(x):
    Thing.made += 1
    return Thing.made
