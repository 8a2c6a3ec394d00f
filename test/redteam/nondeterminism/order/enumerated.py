# expect: drifts
# row: 43
def f(x):
    return {word: n for n, word in enumerate(set('banana split'))}
