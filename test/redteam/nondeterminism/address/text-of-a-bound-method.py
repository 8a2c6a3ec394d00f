# expect: drifts
class Thing:
    def go(self):
        return 1


def f(x):
    return str(Thing().go)
