# expect: drifts
kept = []


def f(x):
    kept.append(x)
    return list(kept)
