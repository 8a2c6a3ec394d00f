# expect: drifts
# row: 43
class Thing:
    def __init__(self, n):
        self.n = n


def f(x):
    return [t.n for t in {Thing(1), Thing(2), Thing(3), Thing(4), Thing(5)}]
