# expect: drifts
def f(x):
    return {word: n for n, word in enumerate(set('banana split'))}
