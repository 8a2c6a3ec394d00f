# expect: drifts
# row: 47
import warnings


def g(done=[]):
    if not done:
        done.append(1)
        warnings.warn('once', UserWarning, stacklevel=2)


def f(x):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter('default')
        g()
        return len(seen)
