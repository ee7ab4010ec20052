"""Containers: built, subscripted, sliced, unpacked, changed."""


class Index:
    def __index__(self):
        return 1


class Logged:
    def __getitem__(self, key):
        return ("get", key)

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


@jit
def build(a, b):
    return [a, b], (a, b), {a, b}, {a: b, "k": a}, [], (), {}, [1, 2, 3], (a,)


@jit
def spread(a, b):
    return [*a, 0, *b], (*a, *b), {*a, *b}


@jit
def merge(a, b):
    return {**a, "x": 1, **b}


@jit
def get(container, key):
    return container[key]


@jit
def put(container, key, value):
    container[key] = value
    return container


@jit
def remove(container, key):
    del container[key]
    return container


@jit
def cut(x, a, b):
    return x[a:b], x[:b], x[a:], x[:], x[::2], x[a:b:-1]


@jit
def put_slice(x, a, b, value):
    x[a:b] = value
    return x


@jit
def delete_slice(x, a, b):
    del x[a:b]
    return x


@jit
def augmented(x, key):
    x[key] += 1
    x[key] *= 2
    return x


@jit
def swap(a, b):
    a, b = b, a
    return a, b


@jit
def rotate(a, b, c):
    a, b, c = c, a, b
    return a, b, c


@jit
def two(pair):
    a, b = pair
    return b, a


@jit
def head_and_tail(items):
    first, *middle, last = items
    return first, middle, last


@jit
def list_methods(n):
    items = []
    for i in range(n):
        items.append(i)
        items.insert(0, -i)
    items.sort(key=abs)
    items.extend((1, 2))
    return items, items.index(1), items.pop(), items.count(0)


@jit
def dict_counts(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@jit
def matrix(n):
    rows = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            rows[i][j] = i * j
    return rows


@jit
def lengths(*things):
    return [len(thing) for thing in things]


CALLS = [
    "build(1, 2)",
    "build('a', 'b')",
    "build([], 1)",
    "spread([1], 'ab')",
    "spread([1], 5)",
    "spread(None, [])",
    "merge({'a': 1}, {'x': 2})",
    "merge({'a': 1}, [('b', 2)])",
    "get([1, 2, 3], 0)",
    "get([1, 2, 3], -1)",
    "get([1, 2, 3], 3)",
    "get([1, 2, 3], True)",
    "get([1, 2, 3], 'a')",
    "get([1, 2, 3], Index())",
    "get((1, 2), 2**70)",
    "get((1.5, 2), 0)",
    "get('text', -2)",
    "get({'a': 1}, 'a')",
    "get({'a': 1}, 'b')",
    "get({}, [])",
    "get(Logged(), 1)",
    "get(5, 1)",
    "get(list, int)",
    "put([1, 2], 0, 9)",
    "put([1, 2], 2, 9)",
    "put((1, 2), 0, 9)",
    "put({}, 'k', 1.5)",
    "put(Logged(), 1, 2) is None",
    "remove([1, 2, 3], 1)",
    "remove({'a': 1}, 'b')",
    "remove((1,), 0)",
    "remove(Logged(), 3) is None",
    "cut([0, 1, 2, 3, 4, 5], 1, 4)",
    "cut('abcdef', 4, 1)",
    "cut((1, 2), None, None)",
    "cut(range(10), 2, 8)",
    "cut(5, 1, 2)",
    "cut([1], 'a', 2)",
    "put_slice([1, 2, 3], 0, 2, 'xy')",
    "put_slice([1, 2, 3], 0, 2, 5)",
    "delete_slice([1, 2, 3], 1, 2)",
    "augmented([1, 2], 0)",
    "augmented({'a': 1.5}, 'a')",
    "augmented({}, 'a')",
    "augmented((1,), 0)",
    "swap(1, 'b')",
    "rotate(1, 2.0, None)",
    "two((1, 2))",
    "two([1, 2])",
    "two('ab')",
    "two((1,))",
    "two([1, 2, 3])",
    "two(5)",
    "two({1: 2, 3: 4})",
    "head_and_tail([1, 2, 3, 4])",
    "head_and_tail('ab')",
    "head_and_tail([1])",
    "list_methods(4)",
    "dict_counts('the cat and the dog and the end'.split())",
    "matrix(3)",
    "lengths([], 'abc', {1: 2})",
    "lengths(5)",
]
