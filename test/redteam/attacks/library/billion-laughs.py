# expect: exception .*|limit .*|crash .*
# row: 56
import xml.etree.ElementTree


def f(x):
    layers = ''.join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE a [<!ENTITY l0 "ha">{layers}]><a>&l11;</a>'
    return len(xml.etree.ElementTree.fromstring(text).text)
