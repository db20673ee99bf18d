"""Writing XML as text, in the order and with the prefixes that real files have."""

from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def leaf(name: str, text: str, **attributes: str) -> str:
    """An element with text, which is escaped."""
    return f"<{name}{_written(attributes)}>{escape(text)}</{name}>"


def node(name: str, *children: str, **attributes: str) -> str:
    """An element with elements, which are written as they are; none gives an empty tag."""
    content = "".join(children)
    opened = f"<{name}{_written(attributes)}"
    return f"{opened}>{content}</{name}>" if content else f"{opened}/>"


def document(root: str) -> bytes:
    """A whole XML file."""
    return (DECLARATION + root).encode()


def _written(attributes: dict[str, str]) -> str:
    """Attributes; a double underscore in a name stands for a colon."""
    return "".join(
        f" {name.replace('__', ':')}={quoteattr(value)}" for name, value in attributes.items()
    )
