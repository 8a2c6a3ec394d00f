# expect: drifts
# row: 43
def f(x):
    make = getattr(__builtins__, 's' + 'et') if not isinstance(__builtins__, dict) else __builtins__['s' + 'et']
    return list(make(['a', 'b', 'c', 'd']))
