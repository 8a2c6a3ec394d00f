# expect: drifts
# row: 47
cache = {}


def f(x):
    if x not in cache:
        cache[x] = 1
        return 'miss'
    return 'hit'
