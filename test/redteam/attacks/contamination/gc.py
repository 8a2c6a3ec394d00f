# expect: ok 1
import gc


def f(x):
    gc.disable()
    gc.set_threshold(0)
    gc.set_debug(gc.DEBUG_SAVEALL)
    return 1
