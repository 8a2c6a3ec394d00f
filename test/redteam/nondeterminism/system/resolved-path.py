# expect: drifts
# row: 46
import pathlib


def f(x):
    return str(pathlib.Path('a').resolve())
