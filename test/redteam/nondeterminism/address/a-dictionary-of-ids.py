# expect: drifts
# row: 44
def f(x):
    return {id(k): len(k) for k in [[], [1]]}
