# expect: exception .*|violation .*|crash .*
# row: 23
import socket


def f(x):
    return socket.getaddrinfo('example.com', 80)
