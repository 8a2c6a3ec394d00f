# expect: unencodable object
class B(int):
    def __bool__(self):
        return True


def f(x):
    return (B(0),)
