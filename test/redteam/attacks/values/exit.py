# expect: exception SystemExit
# row: 33
def f(x):
    raise SystemExit(0)
