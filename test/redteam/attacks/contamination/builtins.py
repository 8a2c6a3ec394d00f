# expect: ok 1|violation .*
# row: 34
# it may break its own result; the canary counts
import builtins

builtins.sorted = builtins.len = builtins.isinstance = lambda *a: 7
builtins.left = 1


def f(x):
    return 1
