# expect: unencodable .*
import collections

P = collections.namedtuple('tuple', 'a b')


def f(x):
    return P(1, 2)
