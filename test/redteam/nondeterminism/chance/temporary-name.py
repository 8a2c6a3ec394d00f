# expect: drifts
# row: 45
import tempfile


def f(x):
    return next(tempfile._get_candidate_names())
