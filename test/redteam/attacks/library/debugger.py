# expect: exception .*|ok True|violation .*
import pdb


def f(x):
    pdb.set_trace()
    return True
