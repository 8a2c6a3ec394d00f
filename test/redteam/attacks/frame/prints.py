# expect: ok 7
def f(x):
    print('vi2a;')
    return 7
