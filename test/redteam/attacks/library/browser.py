# expect: ok False|exception .*|violation .*
# row: 21
import webbrowser


def f(x):
    return webbrowser.open('http://127.0.0.1:11434/')
