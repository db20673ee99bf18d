"""Images made of printer dots: mode "1", a set bit is black."""

from PIL import Image

# Pillow's annotations name numpy types, which are unknown where numpy is not installed.


def enlarged(image: Image.Image, times_x: int, times_y: int) -> Image.Image:
    """Each dot as a block of dots, as a printer enlarges its characters."""
    size = (image.width * times_x, image.height * times_y)
    return image.resize(size, Image.Resampling.NEAREST)  # pyright: ignore[reportUnknownMemberType]


def squeezed(grey: Image.Image, width: int) -> Image.Image:
    """A grey image pressed together to this width."""
    size = (width, grey.height)
    return grey.resize(size, Image.Resampling.BOX)  # pyright: ignore[reportUnknownMemberType]


def black_above(grey: Image.Image, level: int) -> Image.Image:
    """The dots of a grey image that are at least this bright."""
    table = [255 if value >= level else 0 for value in range(256)]
    return grey.point(table, mode="1")  # pyright: ignore[reportUnknownMemberType]


def from_columns(bits: bytes, columns: int, bytes_per_column: int) -> Image.Image:
    """Dots given by columns from left to right, each from top to bottom, highest bit on top."""
    if columns == 0:
        return Image.new("1", (1, bytes_per_column * 8), 0)
    lying = Image.frombytes("1", (bytes_per_column * 8, columns), bits)
    return lying.transpose(Image.Transpose.TRANSPOSE)


def from_rows(bits: bytes, width_bytes: int, rows: int) -> Image.Image:
    """Dots given by rows from top to bottom, the highest bit at the left."""
    if width_bytes == 0 or rows == 0:
        return Image.new("1", (1, max(1, rows)), 0)
    return Image.frombytes("1", (width_bytes * 8, rows), bits[: width_bytes * rows])


def from_modules(rows: list[list[bool]]) -> Image.Image:
    """Dots given one by one, True for black; all rows of one length."""
    levels = bytes(255 if module else 0 for row in rows for module in row)
    return Image.frombytes("L", (len(rows[0]), len(rows)), levels).convert("1")
