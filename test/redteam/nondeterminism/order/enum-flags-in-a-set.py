# expect: drifts
# row: 43
import enum


class Colour(enum.Enum):
    RED = 1
    BLUE = 2
    GREEN = 3


def f(x):
    return [c.name for c in {Colour.RED, Colour.BLUE, Colour.GREEN}]
