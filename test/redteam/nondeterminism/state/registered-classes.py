# expect: drifts
# row: 47
kept = []


class Base:
    def __init_subclass__(cls):
        kept.append(cls)


def f(x):
    type('T', (Base,), {})
    return len(Base.__subclasses__())
