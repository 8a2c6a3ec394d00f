# expect: drifts
import pathlib


def f(x):
    return str(pathlib.Path('a').resolve())
