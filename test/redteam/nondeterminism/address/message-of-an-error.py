# expect: drifts
# row: 44
def f(x):
    try:
        object().nothing
    except AttributeError as error:
        return repr(error.obj)
