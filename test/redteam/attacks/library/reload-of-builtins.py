# expect: ok \[1, 2\]
# row: 34
import importlib


def f(x):
    importlib.reload(importlib.import_module('builtins'))
    importlib.reload(importlib.import_module('sys'))
    return sorted([2, 1])
