"""Every function of numbers in every typed mode, against the interpreter; and what is refused, with its place."""

import array
import cmath
import math
import re
import struct
import sys
import types

import pytest
import stepwell

INF, NAN = math.inf, math.nan

# What a number of each kind is in a function of a mode: `i` and `j` integers, `f` and `g` floats, `z` and `w` complex. Nothing
# is computed on the way, so that nothing is rounded.
PLAIN = {"i": "x", "j": "y", "f": "float(x)", "g": "float(y)", "z": "complex(x, y)", "w": "complex(y)"}
REAL = {"i": "int(x)", "j": "int(y)", "f": "x", "g": "y", "z": "complex(x, y)", "w": "complex(y)"}
COMPLEX = {"i": "int(x.real)", "j": "int(y.imag)", "f": "x.real", "g": "y.imag", "z": "x", "w": "y"}
FIRST = {"i": "int(x[0])", "j": "int(y[1])", "f": "x[0]", "g": "y[1]", "z": "complex(x[0], y[1])", "w": "complex(y[0])"}
LANES = {"i": "x[0]", "j": "y[1]", "f": "float(x[0])", "g": "float(y[1])", "z": "complex(x[0], y[1])", "w": "complex(y[0])"}
OPTIONAL = {"i": "math.floor(x)", "j": "math.floor(y)", "f": "x", "g": "y", "z": "complex(math.floor(x), 0.5)", "w": "1j"}


def doubles(*numbers):
    return array.array("d", numbers)


INTEGERS = [(0, 0), (1, 2), (-3, 5), (7, -2), (20, 6), (2**31 - 1, 3), (-(2**31), 2)]
FLOATS = [(0.0, -0.0), (1.0, 0.5), (-2.5, 3.0), (0.75, -0.25), (INF, 1.0), (NAN, 2.0), (6.0, 2.0), (1e10, 1e-30)]
BITS_64 = (-(2**63), 2**63)

# Name, choice for overflow, what numbers are, arguments, whether floats have 32 bits, the width of integers.
MODES = {
    "int": ("exact", PLAIN, INTEGERS + [(2**62, 2**61), (-(2**63), 7), (2**63 - 1, -1)], False, None),
    "int raise": ("raise", PLAIN, INTEGERS + [(2**62, 2**61), (-(2**63), 7)], False, BITS_64),
    "int wrap": ("wrap", PLAIN, INTEGERS + [(2**62, 2**61), (66, 33)], False, BITS_64),
    "float": ("exact", REAL, FLOATS, False, None),
    "bool": ("exact", PLAIN, [(False, False), (True, False), (True, True)], False, None),
    "int32": ("raise", PLAIN, INTEGERS, False, (-(2**31), 2**31)),
    "int32 wrap": ("wrap", PLAIN, INTEGERS + [(40, 20)], False, (-(2**31), 2**31)),
    "uint64": ("raise", PLAIN, [(0, 0), (1, 2), (20, 6), (2**64 - 1, 3), (2**63, 2**62)], False, (0, 2**64)),
    "uint64 wrap": ("wrap", PLAIN, [(0, 0), (1, 2), (70, 35), (2**64 - 1, 3), (2**63, 12)], False, (0, 2**64)),
    "float32": ("raise", REAL, FLOATS, True, BITS_64),
    "complex64": ("raise", COMPLEX, [(0j, 0j), (1 + 2j, 0.5 - 3j), (-2.5 + 0.5j, 2 + 1j), (complex(INF, 1), 1j)], True, BITS_64),
    "complex128": ("raise", COMPLEX, [(0j, 0j), (1 + 2j, 0.5 - 3j), (-2.5 + 0.5j, 2 + 1j), (complex(NAN, 1), 1j)], False, BITS_64),
    "ptr": ("raise", FIRST, [(doubles(a, b), doubles(b, a)) for a, b in FLOATS[:5]], False, BITS_64),
    "vec4f": ("raise", FIRST, [([a, b, 1, 2], [b, a, 3, 4]) for a, b in FLOATS[:5]], True, BITS_64),
    "vec8i": ("wrap", LANES, [([a, b] * 4, [b, a] * 4) for a, b in INTEGERS], False, BITS_64),
    "optional_f64": ("raise", OPTIONAL, FLOATS[:4] + FLOATS[6:7], False, BITS_64),
}

FUNCTIONS = """
    math.acos(f)  math.acosh(f)  math.asin(f)  math.asinh(f)  math.atan(f)  math.atan2(f,g)  math.atanh(f)  math.cbrt(f)
    math.ceil(f)  math.ceil(i)  math.comb(i%90,j%45)  math.copysign(f,g)  math.cos(f)  math.cosh(f)  math.degrees(f)
    math.dist((f,g),(g,f))  math.dist((i,f,j),(1,2,3.5))  math.erf(f)  math.erfc(f)  math.exp(f)  math.exp2(f)  math.expm1(f)
    math.fabs(f)  math.factorial(i%26)  math.floor(f)  math.floor(i)  math.fma(f,g,f)  math.fmod(f,g)  math.frexp(f)
    math.frexp(f)[0]  math.frexp(f)[1]  math.frexp(f)[-1]  math.fsum((f,g,1e-3))  math.fsum(())  math.gamma(f)  math.gcd(i,j)
    math.gcd(i)  math.gcd()  math.gcd(i,j,12)  math.hypot(f,g)  math.hypot(f)  math.hypot()  math.hypot(f,g,f,i,j)
    math.isclose(f,g)  math.isclose(f,g,rel_tol=0.5)  math.isclose(f,g,abs_tol=2,rel_tol=0.0)  math.isclose(a=f,b=f)
    math.isclose(f,g,abs_tol=-1.0)  math.isfinite(f)  math.isinf(f)  math.isnan(f)  math.isnan(i)  math.isqrt(i)  math.lcm(i,j)
    math.lcm(i)  math.lcm()  math.lcm(i,j,4)  math.ldexp(f,3)  math.ldexp(0.5,i%8)  math.lgamma(f)  math.log(f)  math.log(i)
    math.log(f,g)  math.log10(f)  math.log1p(f)  math.log2(f)  math.modf(f)  math.modf(f)[0]  math.modf(f)[1]  sum(math.modf(f))
    math.nextafter(f,g)  math.nextafter(f,g,steps=2)  math.perm(i%9,2)  math.perm(i%9)  math.perm(i%40,j%15)  math.pow(f,g)
    math.prod((i,j))  math.prod((f,g))  math.prod((2,f,i))  math.prod((i,j),start=3)  math.prod((f,g),start=0.5)  math.prod(())
    math.radians(f)  math.remainder(f,g)  math.sin(f)  math.sinh(f)  math.sqrt(f)  math.sqrt(i)  math.sumprod((f,g),(g,f))
    math.sumprod((i,j),(2,3))  math.sumprod((i,f),(2,3))  math.tan(f)  math.tanh(f)  math.trunc(f)  math.trunc(i)  math.ulp(f)
    cmath.acos(z)  cmath.acosh(z)  cmath.asin(z)  cmath.asinh(z)  cmath.atan(z)  cmath.atanh(z)  cmath.cos(z)  cmath.cosh(z)
    cmath.exp(z)  cmath.isclose(z,w)  cmath.isclose(z,w,rel_tol=2.0)  cmath.isclose(z,z,abs_tol=1)  cmath.isfinite(z)  cmath.isinf(z)
    cmath.isnan(z)  cmath.log(z)  cmath.log(z,w)  cmath.log10(z)  cmath.phase(z)  cmath.polar(z)  cmath.polar(z)[1]  cmath.rect(f,g)
    cmath.sin(z)  cmath.sinh(z)  cmath.sqrt(z)  cmath.tan(z)  cmath.tanh(z)  cmath.sqrt(f)
    math.pi  math.e  math.tau  math.inf  math.nan  cmath.pi  cmath.e  cmath.tau  cmath.inf  cmath.nan  cmath.infj  cmath.nanj
    sys.maxsize//2**40  own.TENTH  own.PAIR[1]  LIMIT+0  FLOATS_3[1]  sum(FLOATS_3)
    abs(i)  abs(f)  abs(z)  abs(True)  round(f)  round(i)  round(f,1)  round(f,-1)  round(i,1)  round(i,-1)  round(number=f,ndigits=2)
    pow(i,2)  pow(f,g)  pow(i,j,7)  pow(i,abs(j),mod=7)  pow(i,-1,7)  pow(3,j%5,-4)  pow(i,j,0)  pow(base=i,exp=2,mod=5)
    divmod(i,7)  divmod(i,7)[0]  divmod(f,g)  divmod(i,j)[1]  sum(divmod(i,3))
    min(i,j)  max(i,j,3)  min(f,g)  max(f,g,1.5)  min((i,j))  max((f,g,0.5))  min((f,))  max(i<j,i==j)  min((True,i<j))
    sum((i,j))  sum((f,g))  sum((f,g,1e16,1.0,-1e16))  sum((i,f,j))  sum((z,w))  sum((f,z))  sum((i,j),1)  sum((f,g),start=i)  sum(())
    sum((i<j,True))  len((i,f,z))  len(())  any((i,f))  all((i,j,f))  any(())  all(())
    int()  int(i)  int(f)  int(i<j)  float()  float(i)  float(f)  float(True)  bool()  bool(i)  bool(f)  bool(z)  complex()
    complex(i)  complex(f,g)  complex(z)  complex(z,g)  complex(f,w)  complex(z,w)  complex(real=f,imag=g)  complex(imag=f)  complex(f,imag=g)
    i<j<10  f<=g!=1.0  0.5<f<2<g  i==j==0  not(i<j)  i+1if(i<j)else(j-i)  f_or_g  f_and_g  (f,i)[0]  (i,j,3)[1]  (i,j,3)[-3]
    (5,6,7)[i%3]  (0.5,f,g)[i%3]  (i,j)[i]  i_in_(1,2,7)  f_in_(1.0,g)  i_not_in_(j,20)  f_in_(f,g)  z_in_(z,w)  i_in_()
""".split()


own = types.ModuleType("own")
own.TENTH, own.PAIR = 0.1, (3, 0.25)
LIMIT, FLOATS_3 = 100, (0.5, 0.25, 0.125)


def single(number):
    try:
        return struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return math.copysign(INF, number)


def by_mode(value, is_single, width, overflow):
    """A result as the mode has it."""
    if type(value) is tuple:
        return tuple(by_mode(item, is_single, width, overflow) for item in value)
    if is_single and type(value) is float:
        return single(value)
    if is_single and type(value) is complex:
        return complex(single(value.real), single(value.imag))
    if type(value) is int and width and not width[0] <= value < width[1]:
        if overflow == "raise":
            raise OverflowError("more bits")
        return (value - width[0]) % (width[1] - width[0]) + width[0]
    return value


def outcome(function, *arguments):
    try:
        return repr(function(*arguments))
    except (ArithmeticError, ValueError, IndexError) as error:
        # That of a mode has words of its own, by what is too long.
        text = "more bits" if "needs more than" in str(error) else str(error)
        return type(error), text


def written(text, numbers):
    """The function of the text; `numbers` says what the letters stand for."""
    text = text.replace("_or_", " or ").replace("_and_", " and ").replace("_not_in_", " not in ").replace("_in_", " in ")
    text = re.sub(r"(\d)if", r"\1 if ", text)
    body = re.sub(r"\b([ijfgzw])\b", lambda match: numbers[match[1]], text)
    space = {"math": math, "cmath": cmath, "sys": sys, "own": own, "LIMIT": LIMIT, "FLOATS_3": FLOATS_3}
    exec(f"def f(x, y):\n    return {body}", space)
    return space["f"]


# What CPython itself computes with more bits on the way, or with a rule of the mode's own.
EXEMPT = {
    # `-` of a mode without a sign, and constants below zero.
    ("uint64", "uint64 wrap"): {"round(f,-1)", "round(i,-1)", "math.isclose(f,g,abs_tol=-1.0)", "pow(i,-1,7)", "pow(3,j%5,-4)"}
    | {"(i,j,3)[-3]", "sum((f,g,1e16,1.0,-1e16))", "math.frexp(f)[-1]", "i+1if(i<j)else(j-i)", "math.frexp(f)", "math.frexp(f)[1]"},
    # A value that may be None: `int`, `abs`, `min`, tuples and choices have rules of their own.
    ("optional_f64",): {"round(f)", "min(f,g)", "max(f,g,1.5)", "pow(f,g)", "f_or_g", "f_and_g", "(f,i)[0]"}
    | {"max((f,g,0.5))", "min((f,))", "sum((f,g))", "sum((f,g,1e16,1.0,-1e16))", "sum((i,f,j))", "sum((f,z))", "sum((f,g),start=i)"}
    | {"any((i,f))", "all((i,j,f))", "int(f)", "float(f)", "complex(f,g)", "complex(f,w)", "complex(z,g)", "complex(real=f,imag=g)"}
    | {"complex(imag=f)", "complex(f,imag=g)", "(0.5,f,g)[i%3]", "f_in_(1.0,g)", "f_in_(f,g)", "math.prod((f,g))", "math.prod((2,f,i))"}
    | {"math.prod((f,g),start=0.5)", "math.fsum((f,g,1e-3))", "math.dist((f,g),(g,f))", "math.dist((i,f,j),(1,2,3.5))"}
    | {"math.sumprod((f,g),(g,f))", "math.sumprod((i,f),(2,3))", "divmod(f,g)", "round(f,1)", "round(f,-1)", "round(number=f,ndigits=2)"},
    # Each product and sum of these is rounded.
    ("float32", "complex64", "vec4f"): {"math.prod((f,g))", "math.prod((2,f,i))", "math.prod((f,g),start=0.5)", "sum((z,w))", "sum((f,z))"}
    | {"sys.maxsize//2**40", "sum(math.modf(f))", "sum((i,f,j))", "complex(z,g)", "complex(f,w)", "complex(z,w)"}
    | {"math.isclose(f,g)", "math.ldexp(0.5,i%8)", "math.fsum((f,g,1e-3))", "sum((f,g,1e16,1.0,-1e16))", "f_in_(1.0,g)", "own.TENTH"},
    ("int32", "int32 wrap"): {"sys.maxsize//2**40"},
    ("float32", "complex64", "complex128", "ptr", "vec4f"): {"pow(f,g)"},
    # Two rules of `raise` and `wrap`: each sum on the way has to fit.
    ("int raise", "int wrap", "int32", "int32 wrap", "uint64", "uint64 wrap", "vec8i"): {"pow(i,2)", "i+1if(i<j)else(j-i)"},
    ("bool",): {"pow(i,2)", "min(i,j)", "max(i,j,3)", "min((i,j))", "i+1if(i<j)else(j-i)", "math.ldexp(0.5,i%8)"},
}


def cases():
    for name in MODES:
        left_out = set().union(*(texts for names, texts in EXEMPT.items() if name in names))
        for text in FUNCTIONS:
            if text not in left_out:
                yield name, text


@pytest.mark.parametrize("name", MODES)
def test_functions(name):
    overflow, numbers, arguments, is_single, width = MODES[name]
    mode = name.split()[0]
    wrong = []
    for text in (text for other, text in cases() if other == name):
        plain = written(text, numbers)
        function = stepwell.jit(written(text, numbers), mode=mode, overflow=overflow, opt_level=1)
        for x, y in arguments:
            if is_single and mode == "float32":
                x, y = single(x), single(y)
            expected = outcome(lambda x, y: by_mode(plain(x, y), is_single, width, overflow), x, y)
            found = outcome(function, x, y)
            if found != expected:
                wrong.append((text, x, y, found, expected))
    assert not wrong, "\n".join(map(str, wrong))


def test_what_is_exempt_is_in_the_table():
    for names, texts in EXEMPT.items():
        assert set(names) <= set(MODES) and texts <= set(FUNCTIONS)


def test_all_of_math_and_cmath_is_in_the_table():
    text = " ".join(FUNCTIONS)
    for module in (math, cmath):
        for name in dir(module):
            if not name.startswith("_"):
                assert f"{module.__name__}.{name}" in text, name


# Statements ----------------------------------------------------------------------------------------------------------


def constants(n):
    total = n - n
    for i in (1, 2, 3):
        total += i * n
    return total


def built(n):
    total = n - n
    for v in (n, n + n, total):
        total = total * n + v
    return total


def pairs(n):
    total = n - n
    for a, b in ((1, 2), (3, 4), (5, 6)):
        total += a * n + b
    return total


def pairs_of_numbers(n):
    total = n - n
    for a, b in ((n, n), (n + n, n)):
        total += a * b
    return total


def nested(n):
    total = n - n
    for i in (1, 2, 3):
        for j in (3, 2, 1):
            if i == j:
                continue
            if i + j == 5:
                break
            total += n * i
        else:
            total += n * j
    return total


def named(n):
    t = (n, n + n, n)
    total = n - n
    for v in t:
        total += v
    return total + len(t) * t[1]


def with_else(n):
    k = 0
    while k < 5:
        k += 1
        if k == 7:
            break
    else:
        k += 10
    return n * k


def taken_apart(n):
    a, b = n, n + n
    a += b
    b *= a
    a, b = b, a
    a -= b
    return a


def empty(n):
    for v in ():
        n += v
    else:
        n += n
    return n


def long(n):
    total = n - n
    for c in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20):
        total = total + n * c
    return total


def last_item(n):
    for i in (1, 2, 3):
        if n * i == n + n:
            break
    return i * n


STATEMENTS = [constants, built, pairs, pairs_of_numbers, nested, named, with_else, taken_apart, empty, long, last_item]
NUMBERS = {
    "int": [0, 1, -5, 2**40, 2**62, -(2**63)],
    "float": [0.0, 1.5, -2.0, 1e300],
    "int32": [0, 1, 5, 100],
    "uint64": [0, 1, 5, 1000],
    "float32": [0.0, 1.5, 2.0],
    "complex128": [0j, 1 + 2j],
}


@pytest.mark.parametrize("plain", STATEMENTS)
@pytest.mark.parametrize("mode", NUMBERS)
def test_statements(mode, plain):
    # `k` and `i` have a kind of their own where the mode's number is none of them.
    function = stepwell.jit(types.FunctionType(plain.__code__.replace(), globals()), mode=mode)
    for n in NUMBERS[mode]:
        assert outcome(function, n) == outcome(plain, n), n


def test_a_loop_over_a_tuple_goes_on_where_it_left():
    def powers(n, log):
        total = 0
        for factor in (n, n + 1, 3, n * n):
            total = total * factor + factor
        return total

    function = stepwell.jit(types.FunctionType(powers.__code__.replace(), globals()), mode="int")
    for n in (2, 2**31, 2**62, -(2**62), 10**18):
        assert function(n, 0) == powers(n, 0)


def test_a_constant_tuple_goes_on_where_it_left():
    def grow(n):
        for factor in (1, 3, 2**40, 7):
            n = n * factor
        return n, factor

    function = stepwell.jit(types.FunctionType(grow.__code__.replace(), globals()), mode="int")
    for n in (1, 2**20, 2**30, -(2**61)):
        assert function(n) == grow(n)


def recursive(n):
    return n if n < 2 else sum((n, recursive(n - 1), 2**61)) + max((n, 1))


def test_sums_that_overflow_in_functions_that_call_themselves():
    names = {}
    names["recursive"] = stepwell.jit(types.FunctionType(recursive.__code__.replace(), names, "recursive"), mode="int")
    for n in range(12):
        assert names["recursive"](n) == recursive(n)


def test_a_tuple_in_a_loop_is_not_made():
    @stepwell.jit(mode="float")
    def total(x):
        s = 0.0
        for a, b in ((0.5, 1.0), (1.5, 2.0)):
            s += sum((a * x, b, x))
        return s

    assert total(2.0) == sum((0.5 * 2.0, 1.0, 2.0)) + sum((1.5 * 2.0, 2.0, 2.0))
    text = stepwell.dump_ir(total, "typed")
    made = [line for line in text.splitlines() if "py.build_tuple" in line or "py.tuple_iterator" in line]
    assert all("py.lazy" in line for line in made)


def test_an_index_that_is_out_of_range_raises_as_in_cpython():
    def item(n):
        return (5, 6, 7)[n]

    function = stepwell.jit(types.FunctionType(item.__code__.replace(), globals()), mode="int")
    for n in (-4, -3, -1, 0, 2, 3):
        assert outcome(function, n) == outcome(item, n)


def test_a_global_tuple_that_is_rebound():
    names = {}
    exec("T = (1, 2)\ndef f(n):\n    s = 0\n    for t in T:\n        s += t * n\n    return s", names)
    function = stepwell.jit(names["f"], mode="int")
    assert function(3) == 9
    names["T"] = (5, 6, 7)
    assert function(3) == 54


def test_a_number_in_a_module_that_is_rebound():
    module = types.ModuleType("settings")
    module.factor = 3
    names = {"settings": module}
    exec("def f(n):\n    return n * settings.factor", names)
    function = stepwell.jit(names["f"], mode="int")
    assert function(3) == 9
    module.factor = 4
    assert function(3) == 12


def test_integers_of_64_bits_without_a_sign():
    @stepwell.jit(mode="uint64", overflow="wrap")
    def fnv(x):
        return (14695981039346656037 ^ x) * 1099511628211

    assert fnv(97) == (14695981039346656037 ^ 97) * 1099511628211 % 2**64
    with pytest.raises(stepwell.UnsupportedError, match="constant is an object"):
        stepwell.jit(lambda x: x + 2**64, mode="uint64")


# Refusals ------------------------------------------------------------------------------------------------------------

REFUSED = {
    "min(i, f)": "`min` of int and float yields an object",
    "max((i, f))": "`max` of tuple yields an object",
    "math.gcd(i, f)": "`gcd` of int and float yields an object",
    "math.comb(f, i)": "`comb` of float and int yields an object",
    "round(z)": "`round` of complex yields an object",
    "math.sqrt(z)": "`sqrt` of complex yields an object",
    "math.isclose(f, f, tol=1.0)": "`isclose` of float and float and float yields an object",
    "math.sin(x=f)": "`sin` of float yields an object",
    "divmod(z, i)": "`divmod` of complex and int yields an object",
    "sorted((i, i))": "`sorted` is an object",
    "int('5')": "this constant is an object",
    "(i, f)[i]": "what is subscripted is an object",
    "(i, f, z)[1:]": "",
    "i in {i, 2}": "a container is an object",
    "sum([i, i])": "a container is an object",
    "math.dist([f], [f])": "a container is an object",
    "sum(v for v in (i, i))": "this constant is an object",
    "math.hypot(*(f, f))": "this calls an object",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refusals(text):
    body = re.sub(r"\b([ifz])\b", lambda match: PLAIN[match[1]], text)
    source = f"def f(x, y):\n    y = x + 1\n    return {body}\n"
    space = {"math": math, "cmath": cmath}
    exec(compile(source, "<refused>", "exec"), space)
    with pytest.raises(stepwell.UnsupportedError) as caught:
        stepwell.jit(space["f"], mode="int")
    message = str(caught.value)
    assert REFUSED[text] in message
    assert "line 3" in message and "hint:" in message and 'mode="int" has no objects' in message


def test_items_of_different_types_are_refused_at_the_loop():
    def total(n):
        s = 0
        for v in (n, 2.5):
            s += n
        return s

    with pytest.raises(stepwell.UnsupportedError, match="the items of this tuple are of different types") as caught:
        stepwell.jit(total, mode="int")
    text = str(caught.value)
    assert "for v in (n, 2.5):" in text and "^" in text


def test_a_tuple_of_other_floats_than_32_bits_hold_is_refused():
    with pytest.raises(stepwell.UnsupportedError, match="has more than 32 bits"):
        stepwell.jit(lambda x: (0.1, 0.2), mode="float32")
    assert stepwell.jit(lambda x: (0.5, 0.25), mode="float32")(1) == (0.5, 0.25)
