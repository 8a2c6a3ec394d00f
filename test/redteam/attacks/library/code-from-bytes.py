# expect: crash .*|exception .*|limit .*|violation .*
# row: 30
def f(x):
    code = (lambda: 0).__code__.replace(co_code=bytes(range(0, 200, 2)) * 4)
    return eval(code)
