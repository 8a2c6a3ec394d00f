# expect: drifts
# row: 43
def f(x):
    bits = 0
    for word in ['a', 'b', 'c']:
        bits |= 1 << hash(word) % 8
    return bits
