# expect: drifts
# row: 47
def g():
    n = 0
    while True:
        n += 1
        yield n


kept = g()


def f(x):
    return kept.send(None)
