# expect: drifts
# row: 44
class Thing:
    def __init__(self, n):
        self.n = n


def f(x):
    things = [Thing(n) for n in range(6)]
    return [t.n for t in sorted(things, key=id)]
