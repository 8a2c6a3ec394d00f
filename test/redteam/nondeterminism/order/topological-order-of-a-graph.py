# expect: drifts
# row: 43
edges = {'app': {'db', 'log'}, 'db': {'net'}, 'log': {'net'}}


def f(x):
    order, seen = [], set()
    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for other in edges.get(node, set()):
            visit(other)
        order.append(node)
    for node in {'app', 'db', 'log', 'net'}:
        visit(node)
    return order
