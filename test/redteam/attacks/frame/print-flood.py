# expect: limit (cpu|wall)|exception OSError
# row: 18
def f(x):
    while True:
        print('a' * 1000)
