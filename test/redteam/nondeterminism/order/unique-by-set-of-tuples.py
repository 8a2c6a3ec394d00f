# expect: drifts
# row: 43
def f(x):
    return list({('a', 1), ('b', 2), ('c', 3), ('a', 1)})
