# expect: ok 1
# row: 50
import codecs


def f(x):
    codecs.register(lambda name: codecs.lookup('utf-8'))
    return 1
