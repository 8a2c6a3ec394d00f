# call: ('',)
# call: ('a',)
# call: ('hello world',)
# call: ('Ünïcödé ✓',)
# call: ('a,b;c',)
# call: ('  spaces  ',)
# call: ('1 2 3',)
# call: ('aAbBcCaAbBcCaAbBcCaAbBcCaAbBcC',)
import base64
import binascii
import csv
import difflib
import fnmatch
import hashlib
import hmac
import html
import io
import ipaddress
import json
import os.path
import pathlib
import pickle
import re
import shlex
import string
import textwrap
import urllib.parse
import uuid
import zlib


def letters(text):
    return sorted(set(text))


def letter_set(text):
    return {letter.lower() for letter in text}


def counts(text):
    return {letter: text.count(letter) for letter in sorted(set(text))}


def reversed_words(text):
    return ' '.join(reversed(text.split()))


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def md5_digest(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()


def crc(text):
    return zlib.crc32(text.encode())


def squeezed(text):
    return zlib.decompress(zlib.compress(text.encode())).decode()


def signed(text):
    return hmac.new(b'key', text.encode(), 'sha1').hexdigest()


def in_base64(text):
    return base64.b64encode(text.encode())


def in_hex(text):
    return binascii.hexlify(text.encode()).decode()


def named_uuid(text):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, text))


def escaped(text):
    return html.escape(text)


def quoted(text):
    return urllib.parse.quote(text)


def wrapped(text):
    return textwrap.wrap(text, 12)


def shortened(text):
    return textwrap.shorten(text, 10, placeholder='…')


def tokens(text):
    return re.findall(r'\w+', text)


def shell_words(text):
    return shlex.split(text)


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def filled(text):
    return string.Template('<$x>').substitute(x=text)


def close_matches(text):
    return difflib.get_close_matches(text, ['hello', 'a', 'spaces', '1 2'])


def matches_a_pattern(text):
    return fnmatch.fnmatchcase(text, 'a*')


def joined_path(text):
    return [os.path.join('/base', 'x', text[:1]), pathlib.PurePosixPath('/base', 'y.txt').stem]


def there_and_back(text):
    return [pickle.loads(pickle.dumps(text)), json.loads(json.dumps({'t': text}))]


def address(text):
    return str(ipaddress.ip_address(len(text)))
