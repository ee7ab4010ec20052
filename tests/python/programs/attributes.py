"""Attributes: of instances, slots, classes and modules, while classes and instances change under way."""

import math
import sys
import types


class Plain:
    kind = "class"

    def __init__(self, x, y=2):
        self.x = x
        self.y = y

    def double(self):
        return self.x * 2

    @property
    def area(self):
        return self.x * self.y

    @classmethod
    def make(cls, x):
        return cls(x)

    @staticmethod
    def triple(x):
        return x * 3


class Child(Plain):
    kind = "child"

    def double(self):
        return "child", super().double()


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y=2):
        self.x = x
        self.y = y

    def double(self):
        return self.x * 2


class Mixed(Slotted):
    """Slots and a dict."""


class Getter:
    def __getattr__(self, name):
        return "missing", name


class Hooked:
    def __getattribute__(self, name):
        return "hooked", name

    def __setattr__(self, name, value):
        print("set", name, value)


class Data:
    def __get__(self, instance, owner):
        return "data", instance is None

    def __set__(self, instance, value):
        print("data set", value)


class NonData:
    def __get__(self, instance, owner):
        return "non-data", instance is None


class Described:
    data = Data()
    other = NonData()


class Listed(list):
    def __init__(self, items, x=0):
        super().__init__(items)
        self.x = x


class Meta(type):
    shared = "meta"

    @property
    def both(cls):
        return "of the metaclass"


class WithMeta(metaclass=Meta):
    both = "of the class"
    own = 1


class Final:
    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append("gone")


@jit
def read(obj):
    return obj.x


@jit
def read_many(objects):
    out = []
    for obj in objects:
        out.append(obj.x)
    return out


@jit
def kind(obj):
    return obj.kind


@jit
def call(obj):
    return obj.double()


@jit
def bound(obj):
    method = obj.double
    return method(), method.__self__ is obj, method.__name__


@jit
def area(obj):
    return obj.area


@jit
def write(obj, value):
    obj.x = value
    return obj


@jit
def drop(obj):
    del obj.x
    return hasattr(obj, "x")


@jit
def described(obj):
    return obj.data, obj.other


@jit
def write_data(obj, value):
    obj.data = value
    obj.other = value
    return obj.other


@jit
def fields(obj):
    return sorted(obj.__dict__.items())


@jit
def count(obj, n):
    for i in range(n):
        obj.x = obj.x + i
    return obj.x


def twice(act, *arguments):
    return [act(*arguments) for _ in range(3)]


def deleted():
    out = []
    for obj in (Plain(1), Slotted(1), Mixed(1)):
        out.append(drop(obj))
        for act in (read, drop):
            try:
                out.append(act(obj))
            except AttributeError as error:
                out.append(str(error))
        out.append(read(write(obj, 5)))
    return out


def order_of_names():
    out = []
    for names in ("xy", "yx"):
        obj = Plain.__new__(Plain)
        for name in names:
            if name == "x":
                write(obj, 1)
            else:
                obj.y = 2
        out.append(list(obj.__dict__))
    obj = Plain(1)
    del obj.x
    write(obj, 3)
    out.append(list(vars(obj)))
    return out


def shadowed():
    obj, other = Plain(1), Plain(2)
    out = [kind(obj), call(obj), kind(other), call(other)]
    obj.kind = "instance"
    obj.double = lambda: "instance"
    out += [kind(obj), call(obj), kind(other), call(other)]
    del obj.kind, obj.double
    return out + [kind(obj), call(obj)]


def shadowed_in_dict():
    obj = Plain(1)
    out = [kind(obj), call(obj)]
    obj.__dict__["kind"] = "dict"
    obj.__dict__["double"] = lambda: "dict"
    out += [kind(obj), call(obj)]
    obj.__dict__ = {"x": 7}
    out += [kind(obj), call(obj), read(obj)]
    obj.__dict__ = {"x": 8, "kind": "new", 5: 6}
    return out + [kind(obj), call(obj), read(obj), read(write(obj, 3)), len(obj.__dict__)]


def class_changes():
    class Local:
        x = "class"

        def double(self):
            return "first"

    obj = Local()
    out = [read(obj), call(obj)]
    Local.double = lambda self: "second"
    Local.x = "changed"
    out += [read(obj), call(obj)]
    obj.x = "instance"
    out.append(read(obj))
    Local.x = property(lambda self: "property")
    out.append(read(obj))
    del Local.x
    out.append(read(obj))
    Local.__getattribute__ = lambda self, name: ("all", name)
    out.append(read(obj))
    del Local.__getattribute__
    out.append(read(obj))
    Local.__setattr__ = lambda self, name, value: out.append((name, value))
    write(obj, 1)
    return out + [read(obj)]


def base_changes():
    class Base:
        pass

    class Derived(Base):
        pass

    obj = Derived()
    obj.x = 1
    out = [read(obj), read(obj)]
    Base.x = Data()
    out.append(read(obj))
    del Base.x
    out.append(read(obj))
    Derived.__bases__ = (type("Other", (), {"x": NonData(), "double": lambda self: 3}),)
    return out + [read(obj), call(obj)]


def descriptor_changes():
    class Plainly:
        pass

    class Holder:
        x = Plainly()

    obj = Holder()
    out = [type(read(obj)).__name__, type(read(obj)).__name__]
    Plainly.__get__ = lambda self, instance, owner: "got"
    out.append(read(obj))
    obj.__dict__["x"] = "own"
    out.append(read(obj))
    Plainly.__set__ = lambda self, instance, value: out.append(("set", value))
    out.append(read(obj))
    write(obj, 4)
    return out


def class_assigned():
    obj = Plain(3)
    out = [call(obj), kind(obj), read(obj)]
    obj.__class__ = Child
    out += [call(obj), kind(obj), read(obj)]
    obj.__class__ = Plain
    return out + [call(obj), kind(obj), read(write(obj, 9))]


def materialised():
    obj = Plain(1)
    view = obj.__dict__
    out = [read(obj), read(obj)]
    write(obj, 5)
    out.append(view["x"])
    view["x"] = 6
    out.append(read(obj))
    view.clear()
    try:
        read(obj)
    except AttributeError as error:
        out.append(str(error))
    write(obj, 7)
    return out + [view, read(obj), vars(obj) is view]


def many_names():
    obj = Plain(0)
    for index in range(60):
        setattr(obj, f"name{index}", index)
    return read(obj), read(write(obj, 4)), call(obj), obj.name59


def old_value_dies():
    log = []
    obj = Plain(Final(log))
    write(obj, Final(log))
    out = [list(log)]
    write(obj, None)
    slotted = Slotted(Final(log))
    write(slotted, 1)
    return out + [log]


def references():
    value = object()
    before = sys.getrefcount(value)
    obj, slotted = Plain(value), Slotted(value)
    for _ in range(4):
        read(obj), read(slotted)
        write(obj, value), write(slotted, value)
    return sys.getrefcount(value) - before


def classes_come_and_go():
    out = []
    for index in range(50):
        local = type("Local", (), {"x": index, "double": lambda self, index=index: index})
        out.append((read(local()), call(local()), read(local)))
    return out


@jit
def of_class(cls):
    return cls.both, cls.own, cls.shared


@jit
def class_own(cls):
    return cls.own


def class_attributes():
    out = twice(of_class, WithMeta)
    out += twice(class_own, WithMeta)
    WithMeta.own = 2
    out += twice(class_own, WithMeta)
    Meta.own = property(lambda cls: "meta now")
    out += twice(class_own, WithMeta)
    del Meta.own
    WithMeta.own = 1
    return out + twice(class_own, WithMeta)


@jit
def of_module(module):
    return module.x


def modules():
    module = types.ModuleType("m")
    module.x = 1
    out = twice(of_module, module)
    module.x = 2
    module.y = 3
    out += twice(of_module, module)
    del module.x
    module.__getattr__ = lambda name: ("getattr", name)
    out += twice(of_module, module)
    module.x = 4
    return out + twice(of_module, module)


@jit
def circle(r):
    return math.floor(math.pi * r)


@jit
def same_site(objects, value):
    out = []
    for obj in objects:
        obj.x = value
        out.append((obj.x, type(obj).__name__))
    return out


CALLS = [
    "twice(read, Plain(5))",
    "twice(read, Slotted(5))",
    "twice(read, Mixed(5))",
    "twice(read, Child('c'))",
    "twice(read, Listed([1], 'l'))",
    "twice(read, Getter())",
    "twice(read, Hooked())",
    "read(5)",
    "read(Plain)",
    "read_many([Plain(1), Slotted(2), Child(3), Mixed(4), Getter(), Plain(5), Listed([], 6), Hooked()] * 3)",
    "read_many([Plain(1), 5])",
    "twice(kind, Plain(1))",
    "twice(kind, Child(1))",
    "twice(kind, Child)",
    "twice(call, Plain(2))",
    "twice(call, Child(2))",
    "twice(call, Slotted(2))",
    "twice(call, Getter())",
    "twice(bound, Plain(2))",
    "twice(bound, Slotted(2))",
    "twice(area, Plain(2, 3))",
    "twice(area, Slotted(2, 3))",
    "twice(described, Described())",
    "twice(write_data, Described(), 3)",
    "read(write(Plain(1), 'new'))",
    "read(write(Listed([]), 'new'))",
    "write(Hooked(), 1) is None",
    "write(5, 1)",
    "write(len, 1)",
    "fields(write(Plain(1), 3))",
    "fields(write(Mixed(1), 3))",
    "count(Plain(0), 2000)",
    "count(Slotted(0), 2000)",
    "count(Plain(1.5), 100)",
    "count(Plain(2**61), 100)",
    "count(Plain('no'), 100)",
    "deleted()",
    "order_of_names()",
    "shadowed()",
    "shadowed_in_dict()",
    "class_changes()",
    "base_changes()",
    "descriptor_changes()",
    "class_assigned()",
    "materialised()",
    "many_names()",
    "old_value_dies()",
    "references()",
    "classes_come_and_go()",
    "class_attributes()",
    "modules()",
    "twice(circle, 2.5)",
    "same_site([Plain(1), Slotted(1), Mixed(1), Listed([])] * 3, 'v')",
]
