"""The SM2 curve (GB/T 32918.5-2017) in plain integers.

Only what checking a signature needs, plus what the mint of test invoices needs to make
one. Nothing here hides its timing: it must never touch a secret that matters.
Points are affine `(x, y)`, or Jacobian `(x, y, z)` inside; z = 0 is the point at infinity.
"""

from functools import lru_cache

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

Point = tuple[int, int]
_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (1, 1, 0)

# Window widths, chosen by measuring: G's table is made once, a key's table once per key.
_WIDTH_G = 8
_WIDTH_KEY = 5


def is_on_curve(point: Point) -> bool:
    """Whether the point lies on the curve, with both coordinates in range."""
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x + A) * x - B) % P == 0


def combine(on_g: int, on_key: int, key: Point) -> Point | None:
    """`on_g`·G + `on_key`·key, or None for the point at infinity.

    Args:
        on_g: how often G, 0 to N - 1.
        on_key: how often the key, 0 to N - 1.
        key: a point on the curve; see `is_on_curve`.
    """
    g_digits, key_digits = _signed_digits(on_g, _WIDTH_G), _signed_digits(on_key, _WIDTH_KEY)
    length = max(len(g_digits), len(key_digits))
    g_digits += [0] * (length - len(g_digits))
    key_digits += [0] * (length - len(key_digits))
    g_table, key_table = _odd_multiples(G, _WIDTH_G), _odd_multiples(key, _WIDTH_KEY)
    total = _INFINITY
    for at in range(length - 1, -1, -1):
        if total[2]:
            total = _double(total)
        for digit, table in ((g_digits[at], g_table), (key_digits[at], key_table)):
            if digit > 0:
                total = _add(total, table[digit >> 1])
            elif digit < 0:
                x, y = table[-digit >> 1]
                total = _add(total, (x, P - y))
    return _to_affine([total])[0] if total[2] else None


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    zz = z * z % P
    yy = y * y % P
    beta = x * yy % P
    alpha = 3 * (x - zz) * (x + zz) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return x3, (alpha * (4 * beta - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(left: _Jacobian, right: Point) -> _Jacobian:
    x1, y1, z1 = left
    if not z1:
        return right[0], right[1], 1
    zz = z1 * z1 % P
    h = (right[0] * zz - x1) % P
    r = (right[1] * zz * z1 - y1) % P
    if not h:
        return _INFINITY if r else _double(left)
    hh = h * h % P
    hhh = h * hh % P
    v = x1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hhh) % P, z1 * h % P


def _signed_digits(scalar: int, width: int) -> list[int]:
    """The scalar in width-w non-adjacent form, lowest digit first."""
    full, half = 1 << width, 1 << (width - 1)
    digits: list[int] = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & (full - 1)
            if digit >= half:
                digit -= full
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


def _to_affine(points: list[_Jacobian]) -> list[Point]:
    """All points (none at infinity) with one inversion between them."""
    products = [1]
    for _, _, z in points:
        products.append(products[-1] * z % P)
    inverse = pow(products[-1], -1, P)
    affine: list[Point] = []
    for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
        z_inverse = inverse * before % P
        inverse = inverse * z % P
        square = z_inverse * z_inverse % P
        affine.append((x * square % P, y * square * z_inverse % P))
    affine.reverse()
    return affine


@lru_cache(maxsize=32)
def _odd_multiples(point: Point, width: int) -> list[Point]:
    """1, 3, 5 … times the point, as far as digits of this width reach."""
    (twice,) = _to_affine([_double((*point, 1))])
    points: list[_Jacobian] = [(*point, 1)]
    for _ in range((1 << (width - 2)) - 1):
        points.append(_add(points[-1], twice))
    return _to_affine(points)
