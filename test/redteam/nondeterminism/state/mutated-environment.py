# expect: drifts
# row: 47
import os


def f(x):
    os.environ['n'] = os.environ.get('n', '') + 'x'
    return os.environ['n']
