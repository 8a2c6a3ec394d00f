# expect: drifts
# row: 45
import uuid


def f(x):
    return str(uuid.uuid4())
