# expect native: crash .*
# expect pyodide: crash .*|exception .*|violation .*
# 99 is how a copy says that it is not protected: the image is given up
import os


def f(x):
    os._exit(99)
