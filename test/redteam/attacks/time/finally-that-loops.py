# expect: limit cpu
def f(x):
    try:
        return 1
    finally:
        while True:
            pass
