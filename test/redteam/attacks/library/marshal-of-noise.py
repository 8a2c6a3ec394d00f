# expect: ok True|crash .*|exception .*|limit .*
import marshal


def f(x):
    for n in range(256):
        try:
            marshal.loads(bytes([n]) * 40)
        except (ValueError, EOFError, TypeError):
            pass
    return True
