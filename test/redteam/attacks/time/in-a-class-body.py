# expect: limit cpu
class A:
    while True:
        pass
