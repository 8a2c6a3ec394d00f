# expect: limit (memory|cpu|wall)
# row: 56
import zlib

bomb = zlib.compress(b'a' * 4_000_000, 9)


def f(x):
    return len(b''.join(zlib.decompress(bomb) for _ in range(2000)))
