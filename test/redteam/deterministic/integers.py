# call: (0,)
# call: (1,)
# call: (2,)
# call: (7,)
# call: (10,)
# call: (31,)
# call: (100,)
# call: (-3,)
import array
import bisect
import cmath
import decimal
import fractions
import heapq
import math
import operator
import random
import statistics
import struct


def seeded(n):
    return random.Random(n).random()


def seeded_shuffle(n):
    numbers = list(range(10))
    random.Random(f'seed {n}').shuffle(numbers)
    return numbers


def seeded_module(n):
    random.seed(n)
    return [random.randint(0, 9) for _ in range(5)]


def seeded_choices(n):
    return random.Random(n).choices('abc', k=6)


def set_of_small_integers(n):
    return list({n % 5, n % 3, n % 2, 4})


def popped_integer(n):
    return {n}.pop()


def sum_of_a_set(n):
    return sum({n, n + 1, n * 2})


def hash_of_an_integer(n):
    return hash(n)


def hash_of_a_float(n):
    return hash(n / 2)


def hash_of_integers(n):
    return hash((n, n + 1, (n,)))


def same_object(n):
    values = [n]
    other = values
    return other is values and id(other) == id(values)


def different_objects(n):
    return [n] is not [n] and id(object) == id(object)


def squares(n):
    return {k: k * k for k in range(abs(n) % 12)}


def digits_of_a_power(n):
    return str(3 ** (abs(n) + 5))


def roots(n):
    return [math.isqrt(abs(n)), round(math.sqrt(abs(n)), 6)]


def complex_power(n):
    return (1 + 1j) ** (n % 5) + cmath.sqrt(-4)


def thirds(n):
    return str(fractions.Fraction(n, 3) + fractions.Fraction(1, 7))


def decimals(n):
    with decimal.localcontext() as context:
        context.prec = 12
        return str(decimal.Decimal(n) / 7)


def smallest(n):
    heap = [(k * 7 + n) % 11 for k in range(11)]
    heapq.heapify(heap)
    return [heapq.heappop(heap) for _ in range(4)]


def place(n):
    return bisect.bisect_left([-5, 0, 3, 9, 40], n)


def packed(n):
    return struct.pack('<iq', n, n * n)


def bytes_of_an_array(n):
    return array.array('i', [n, n + 1]).tobytes()


def middle(n):
    return statistics.median([n, 3, 9, -1])


def divided(n):
    return 10 // n if n % 2 else operator.truediv(10, n)


def collatz(n):
    steps = 0
    n = abs(n) + 1
    while n != 1:
        n, steps = (n // 2 if n % 2 == 0 else 3 * n + 1), steps + 1
    return steps
