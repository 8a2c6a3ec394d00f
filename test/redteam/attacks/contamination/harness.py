# expect: exception TypeError|violation .*
# row: 35
# it may spoil its own result; the canary counts
import sys


def f(x):
    frame = sys._getframe()
    while frame:
        frame.f_globals.update(encode=lambda v: b'i7;', run=lambda *a: b'vi7;', _type_of=str, PROGRAM_FILE='left')
        frame = frame.f_back
    return 5
