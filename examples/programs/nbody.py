"""The sun and its four giants, attracting each other."""

from math import pi

from stepwell import jit

SOLAR_MASS = 4 * pi * pi
YEAR = 365.24

# Position, velocity, mass at one instant; units: astronomical unit, year, 1/(4 pi**2) of the sun.
JUPITER = (
    [4.84143144246472090e00, -1.16032004402742839e00, -1.03622044471123109e-01],
    [1.66007664274403694e-03 * YEAR, 7.69901118419740425e-03 * YEAR, -6.90460016972063023e-05 * YEAR],
    9.54791938424326609e-04 * SOLAR_MASS,
)
SATURN = (
    [8.34336671824457987e00, 4.12479856412430479e00, -4.03523417114321381e-01],
    [-2.76742510726411542e-03 * YEAR, 4.99852801234917238e-03 * YEAR, 2.30417297573763929e-05 * YEAR],
    2.85885980666130812e-04 * SOLAR_MASS,
)
URANUS = (
    [1.28943695621391310e01, -1.51111514016986312e01, -2.23307578892655734e-01],
    [2.96460137564761618e-03 * YEAR, 2.37847173959480950e-03 * YEAR, -2.96589568540237556e-05 * YEAR],
    4.36624404335156298e-05 * SOLAR_MASS,
)
NEPTUNE = (
    [1.53796971148509165e01, -2.59193146099879641e01, 1.79258772950371181e-01],
    [2.68067772490389322e-03 * YEAR, 1.62824170038242295e-03 * YEAR, -9.51592254519715870e-05 * YEAR],
    5.15138902046611451e-05 * SOLAR_MASS,
)


def solar_system():
    sun = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SOLAR_MASS)
    return [(list(p), list(v), m) for p, v, m in (sun, JUPITER, SATURN, URANUS, NEPTUNE)]


@jit
def energy(bodies):
    total = 0.0
    for i in range(len(bodies)):
        (x, y, z), (vx, vy, vz), mass = bodies[i]
        total += 0.5 * mass * (vx * vx + vy * vy + vz * vz)
        for j in range(i + 1, len(bodies)):
            (x2, y2, z2), _, mass2 = bodies[j]
            dx, dy, dz = x - x2, y - y2, z - z2
            total -= mass * mass2 / (dx * dx + dy * dy + dz * dz) ** 0.5
    return total


@jit
def advance(bodies, steps, dt):
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    for _ in range(steps):
        for (p, v, m), (p2, v2, m2) in pairs:
            dx = p[0] - p2[0]
            dy = p[1] - p2[1]
            dz = p[2] - p2[2]
            near = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            v[0] -= dx * m2 * near
            v[1] -= dy * m2 * near
            v[2] -= dz * m2 * near
            v2[0] += dx * m * near
            v2[1] += dy * m * near
            v2[2] += dz * m * near
        for p, v, _m in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def simulate(steps):
    bodies = solar_system()
    before = energy(bodies)
    advance(bodies, steps, 0.01)
    return before, energy(bodies)
