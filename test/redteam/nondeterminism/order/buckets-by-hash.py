# expect: drifts
# row: 43
def f(x):
    buckets = [[], [], [], []]
    for word in ['u', 'v', 'w', 'x', 'y']:
        buckets[hash(word) % 4].append(word)
    return buckets
