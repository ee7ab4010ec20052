"""Operators on numbers, at the edges of machine types above all."""


@jit
def add(a, b):
    return a + b


@jit
def subtract(a, b):
    return a - b


@jit
def multiply(a, b):
    return a * b


@jit
def divide(a, b):
    return a / b


@jit
def floor_divide(a, b):
    return a // b


@jit
def modulo(a, b):
    return a % b


@jit
def power(a, b):
    return a**b


@jit
def shift_left(a, b):
    return a << b


@jit
def shift_right(a, b):
    return a >> b


@jit
def bits(a, b):
    return a & b, a | b, a ^ b


@jit
def matrix(a, b):
    return a @ b


@jit
def negate(a):
    return -a


@jit
def invert(a):
    return ~a


@jit
def plus(a):
    return +a


@jit
def in_place(x, y):
    x += y
    x -= 1
    x *= y
    x //= 2
    x %= 1000
    x <<= 2
    x >>= 1
    x |= 1
    x ^= 3
    x &= 255
    return x


@jit
def polynomial(x):
    return 3 * x**2 - 2 * x + 1


@jit
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@jit
def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


@jit
def newton(x):
    guess = x
    for _ in range(20):
        guess = (guess + x / guess) / 2.0
    return guess


@jit
def escape(c, limit):
    z = 0j
    for n in range(limit):
        if abs(z) > 2.0:
            return n
        z = z * z + c
    return limit


@jit
def line_of_a_failure(a, b):
    first = a + b
    return (
        first
        // (a - b)
    )


@jit
def in_place_rest(x, y):
    power = quotient = product = x
    power **= y
    quotient /= y
    product @= y
    return power, quotient, product


class Matrix:
    def __init__(self, value):
        self.value = value

    def __pow__(self, other):
        return Matrix(self.value ** other.value)

    def __itruediv__(self, other):
        self.value /= other.value
        return self

    def __imatmul__(self, other):
        return NotImplemented

    def __rmatmul__(self, other):
        return Matrix((self.value, other.value))

    def __repr__(self):
        return f"Matrix({self.value})"


CALLS = [
    "in_place_rest(Matrix(6), Matrix(4))",
    "in_place_rest(Matrix(6), Matrix(0))",
    "in_place_rest(6, 4)",
    "add(1, 2)",
    "add(2**62, 2**62)",
    "add(-(2**63), -1)",
    "add(1.5, 2)",
    "add(True, True)",
    "add('a', 'b')",
    "add([1], [2])",
    "add(1, 'a')",
    "add(1j, 2)",
    "add(None, None)",
    "subtract(2**63 - 1, -1)",
    "subtract(0.0, 0.0)",
    "subtract(-0.0, 0.0)",
    "multiply(2**62, 4)",
    "multiply(-(2**63), -1)",
    "multiply('ab', 3)",
    "multiply(3, [1])",
    "multiply(0.0, -1)",
    "multiply(1e308, 10.0)",
    "divide(7, 2)",
    "divide(1, 3)",
    "divide(2**53 + 1, 1)",
    "divide(1, 0)",
    "divide(1.0, 0.0)",
    "divide(-1, 3.0)",
    "divide(1j, 0j)",
    "divide(2**2000, 1)",
    "floor_divide(-7, 2)",
    "floor_divide(7, -2)",
    "floor_divide(7, 0)",
    "floor_divide(-(2**63), -1)",
    "floor_divide(-7.5, 2.0)",
    "floor_divide(0.0, -3.0)",
    "floor_divide(7.0, 0.0)",
    "modulo(-7, 2)",
    "modulo(7, -2)",
    "modulo(7, 0)",
    "modulo(-7.5, 2.0)",
    "modulo(1.0, 0.0)",
    "modulo(-0.0, 3.0)",
    "modulo(3.0, float('inf'))",
    "modulo(-3.0, float('inf'))",
    "modulo('%s-%s', (1, 2))",
    "power(2, 10)",
    "power(2, 63)",
    "power(2, -1)",
    "power(0, -1)",
    "power(0, 0)",
    "power(-8, 3)",
    "power(-8.0, 1 / 3)",
    "power(0.0, -1.0)",
    "power(2.0, 0.5)",
    "power(1e200, 2.0)",
    "shift_left(1, 62)",
    "shift_left(1, 63)",
    "shift_left(1, 200)",
    "shift_left(1, -1)",
    "shift_left(0, 10**6)",
    "shift_right(-5, 1)",
    "shift_right(5, 100)",
    "shift_right(-5, 100)",
    "shift_right(1, -1)",
    "bits(12, 10)",
    "bits(True, False)",
    "bits({1, 2}, {2, 3})",
    "bits(1, 1.0)",
    "matrix(1, 2)",
    "negate(5)",
    "negate(-(2**63))",
    "negate(True)",
    "negate(0.0)",
    "negate('a')",
    "invert(0)",
    "invert(2**63)",
    "plus(True)",
    "plus(-1.5)",
    "in_place(17, 5)",
    "in_place(2**70, 3)",
    "in_place(1.0, 2)",
    "polynomial(3)",
    "polynomial(0.5)",
    "polynomial(1j)",
    "polynomial(2**40)",
    "collatz(27)",
    "factorial(10)",
    "factorial(30)",
    "newton(2.0)",
    "newton(0.0)",
    "escape(-0.5 + 0.5j, 50)",
    "escape(1 + 1j, 50)",
    "line_of_a_failure(3, 3)",
    "line_of_a_failure(3, 2)",
]
