"""A picture that came as PNG, as a texture that is kept nowhere else."""

import io

from kivy.core.image import Image as CoreImage
from kivy.graphics.texture import Texture


def texture_of(png: bytes) -> Texture | None:
    """The picture; None for no bytes. No cache of Kivy's has it: it goes with its widget."""
    if not png:
        return None
    return CoreImage(io.BytesIO(png), ext="png", nocache=True, keep_data=False).texture
