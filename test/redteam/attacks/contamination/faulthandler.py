# expect: ok 1|exception .*|violation .*
# there may be no stream to write to
import faulthandler


def f(x):
    faulthandler.enable()
    return 1
