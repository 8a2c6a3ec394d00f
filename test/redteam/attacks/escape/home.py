# expect: ok False
# row: 27
import os


def f(x):
    return any(os.path.exists(p) for p in ['/home/user', '/root/.ssh', '/root/.bashrc', '/var', '/run', '/boot', '/mnt', '/media', '/srv', '/opt', '/tmp/.X11-unix'])
