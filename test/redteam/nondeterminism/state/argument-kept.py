# expect: drifts
# row: 47
kept = []


def f(x):
    kept.append(x)
    return list(kept)
