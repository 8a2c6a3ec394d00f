# expect: ok .-0.0, 0.0, float..inf.., float..-inf.., 5e-324.
# row: 41
def f(x):
    return [-0.0, 0.0, float('inf'), -float('inf'), 5e-324]
