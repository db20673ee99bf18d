"""Deals rows out to columns and pages. Pure: heights in, places out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """A row to place: rows of one group share a card, `height` in px."""

    group: str
    height: float


def paginate(
    chunks: list[Chunk], columns: int, height: float, gap: float, edge: float
) -> list[list[list[int]]]:
    """Places rows from top to bottom, column by column, page by page.

    Args:
        chunks: the rows, in order.
        columns: columns on a page, at least 1.
        height: of a column, px.
        gap: between two cards, px.
        edge: what a card adds to its rows, px.

    Returns:
        Pages of columns of indices into `chunks`. At least one page; a row that is higher
        than a column gets one to itself.
    """
    stacks: list[list[int]] = [[]]
    used = 0.0
    for index, chunk in enumerate(chunks):
        stack = stacks[-1]
        joins = bool(stack) and chunks[stack[-1]].group == chunk.group
        cost = chunk.height if joins else chunk.height + edge + (gap if stack else 0.0)
        if stack and used + cost > height:
            stacks.append([index])
            used = chunk.height + edge
        else:
            stack.append(index)
            used += cost
    return [stacks[start : start + columns] for start in range(0, len(stacks), columns)]
