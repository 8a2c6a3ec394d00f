# expect: drifts
import tempfile


def f(x):
    return next(tempfile._get_candidate_names())
