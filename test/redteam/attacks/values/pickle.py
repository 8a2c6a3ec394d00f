# expect: unencodable object
# row: 54
class Evil:
    def __reduce__(self):
        return (print, ('x',))


def f(x):
    return Evil()
