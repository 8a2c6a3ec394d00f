# call: ([3, 1, 2],)
# call: ([],)
# call: ([5],)
# call: ([1, 1, 2, 3, 5],)
# call: ([9, -4, 0, 2, 2],)
# call: ([10, 20, 30],)
# call: ([7, 7, 7],)
# call: ([0],)
import ast
import collections
import contextlib
import copy
import dataclasses
import enum
import graphlib
import inspect
import io
import itertools
import logging
import pprint
import threading
import types
import warnings
import weakref


@dataclasses.dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = 0


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Counter:
    def __init__(self):
        self.n = 0

    def __repr__(self):
        return f'Counter({self.n})'

    def __iadd__(self, other):
        self.n += other
        return self


def points(numbers):
    return [dataclasses.astuple(point) for point in sorted({Point(n) for n in numbers})]


def point_text(numbers):
    return repr([Point(n) for n in numbers])


def equal_points(numbers):
    return all(Point(n) == Point(n) and hash(Point(n)) == hash(Point(n)) for n in numbers)


def colours(numbers):
    return [colour.name for colour in Colour] + [Colour(n).name for n in numbers if n in (1, 2)]


def own_text(numbers):
    counter = Counter()
    for n in numbers:
        counter += n
    return str(counter)


def running_totals(numbers):
    return list(itertools.accumulate(numbers))


def windows(numbers):
    return list(zip(numbers, numbers[1:]))


def grouped(numbers):
    return [(key, len(list(group))) for key, group in itertools.groupby(sorted(numbers))]


def rotated(numbers):
    turning = collections.deque(numbers)
    turning.rotate(2)
    return list(turning)


def layered(numbers):
    return dict(collections.ChainMap({'a': 1}, {'a': 2, 'n': len(numbers)}))


def named(numbers):
    pair = collections.namedtuple('Pair', 'low high')
    return tuple(pair(min(numbers), max(numbers)))


def deep_copy(numbers):
    nested = [numbers, numbers]
    copied = copy.deepcopy(nested)
    return copied[0] is copied[1] and copied[0] is not numbers


def build_order(numbers):
    graph = {n: {m for m in numbers if m < n} for n in numbers}
    return list(graphlib.TopologicalSorter(graph).static_order())


def parsed(numbers):
    return ast.literal_eval(repr({n: [n] for n in numbers}))


def nodes(numbers):
    return [type(node).__name__ for node in ast.walk(ast.parse(f'x = {numbers}'))]


def signature(numbers):
    return str(inspect.signature(Counter.__iadd__))


def printed(numbers):
    with contextlib.redirect_stdout(io.StringIO()) as printed_text:
        print(*numbers, sep='-')
    return printed_text.getvalue()


def pretty(numbers):
    return pprint.pformat({n: list(range(10)) for n in numbers}, width=30)


def logged(numbers):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.Logger('a')
    logger.addHandler(handler)
    logger.warning('%s numbers', len(numbers))
    return stream.getvalue()


def warned(numbers):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter('always')
        warnings.warn(f'{len(numbers)}', stacklevel=2)
    return [str(warning.message) for warning in seen]


def referenced(numbers):
    counter = Counter()
    reference = weakref.ref(counter)
    return reference() is counter


def locked(numbers):
    with threading.Lock():
        return sum(numbers)


def read_only(numbers):
    return types.MappingProxyType({n: n + 1 for n in numbers})[3]


def generated(numbers):
    def pairs():
        for n in numbers:
            yield from (n, -n)

    return list(pairs())


def matched(numbers):
    match numbers:
        case []:
            return 'none'
        case [one]:
            return f'one: {one}'
        case [first, *_, last]:
            return (first, last)
