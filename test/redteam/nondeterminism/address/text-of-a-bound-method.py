# expect: drifts
# row: 44
class Thing:
    def go(self):
        return 1


def f(x):
    return str(Thing().go)
