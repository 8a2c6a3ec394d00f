# expect: ok \('0\) or True or f\(0',\)
# call: ('0) or True or f(0',)
# row: 51
# the text stays a text
def f(*a):
    return a
