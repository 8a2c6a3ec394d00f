# expect: drifts
# row: 45
import random


def f(x):
    count = 0
    def sort(xs):
        nonlocal count
        if len(xs) < 2:
            return xs
        pivot = random.choice(xs)
        count += len(xs)
        return sort([y for y in xs if y < pivot]) + [pivot] + sort([y for y in xs if y > pivot])
    sort(list(range(30)))
    return count
