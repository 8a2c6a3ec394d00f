# expect: exception .*|violation .*|ok None
# row: 23
import syslog


def f(x):
    return syslog.syslog('left')
