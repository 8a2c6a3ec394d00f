# expect: ok False
# row: 27
import os


def f(x):
    return any('autodidact' in name or name in ('node_modules', 'dist', 'server') for _, folders, files in os.walk('/home') for name in folders + files)
