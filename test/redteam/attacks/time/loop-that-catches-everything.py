# expect: limit (cpu|wall)
# row: 2
def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
