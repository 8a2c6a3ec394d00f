# expect: exception .*|violation .*|crash .*
# row: 36
import sqlite3


def f(x):
    c = sqlite3.connect(':memory:')
    c.execute("attach database '/tmp/left' as d")
    c.execute('create table d.t (x)')
    return True
