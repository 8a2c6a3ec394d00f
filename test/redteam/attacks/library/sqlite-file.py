# expect: exception .*|violation .*|crash .*
# row: 36
import sqlite3


def f(x):
    return sqlite3.connect('/left').execute('create table t (x)').fetchall()
