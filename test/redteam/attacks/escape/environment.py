# expect: ok ..
# row: 29
import os


def f(x):
    return sorted(k for k in os.environ if k not in ('HOME', 'LANG', 'TZ', 'PYTHONHASHSEED', 'PWD', 'USER', 'LOGNAME', 'PATH', '_', 'PYTHONINSPECT', 'LD_LIBRARY_PATH', 'LC_CTYPE'))
