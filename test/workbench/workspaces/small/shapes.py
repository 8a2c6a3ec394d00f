"""Areas of a few shapes."""


def rectangle(width, height):
    """Area of a rectangle.

    >>> rectangle(3, 4)
    12
    >>> rectangle(0, 9)
    0
    """
    return width * height


def staircase(steps):
    """Heights of a staircase that rises by one more at each step.

    >>> staircase(4)
    [1, 3, 6, 10]
    """
    heights = []
    height = 0
    for step in range(1, steps + 1):
        height += step
        heights.append(height)
    return heights
