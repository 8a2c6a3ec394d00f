# expect: exception .*|violation .*|crash .*
# row: 27
import xml.etree.ElementTree


def f(x):
    text = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    return 'root' in (xml.etree.ElementTree.fromstring(text).text or '')
