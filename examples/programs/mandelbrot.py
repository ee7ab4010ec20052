"""The Mandelbrot set over a grid, with complex numbers."""

from stepwell import jit


@jit
def escape(c, limit):
    z = 0j
    for n in range(limit):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 4.0:
            return n
    return limit


@jit
def picture(width, height, limit):
    rows = []
    for y in range(height):
        im = 2.4 * y / height - 1.2
        row = []
        for x in range(width):
            re = 3.0 * x / width - 2.2
            row.append(escape(complex(re, im), limit))
        rows.append(row)
    return rows


def draw(rows, limit):
    shades = " .:-=+*#%@"
    return "\n".join("".join(shades[n * 9 // limit] for n in row) for row in rows)
