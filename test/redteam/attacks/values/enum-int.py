# expect: unencodable .*
import enum


class C(enum.IntEnum):
    A = 1


def f(x):
    return C.A
