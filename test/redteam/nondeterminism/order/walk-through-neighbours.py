# expect: drifts
# row: 43
def f(x):
    path, at, left = ['hub'], 'hub', {'n', 'e', 's', 'w'}
    while left:
        at = left.pop()
        path.append(at)
    return path
