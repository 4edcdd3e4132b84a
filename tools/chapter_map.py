"""Draw which chapter needs which: dots on lanes, beside a list that needs no picture.

Each chapter is a row with a dot. Chapters that follow from each other lie on one
lane; what branches off runs on a lane beside it. A row's piece of the lanes is an SVG
that stretches with the row, so that words may wrap on a phone.
"""

from dataclasses import dataclass

from tools.contents import chapters, without_implied

LANE = 20  # CSS pixels from lane to lane


def draw():
    """Return Markdown: a list of chapters, each with its piece of the lanes."""
    found = chapters()
    rows = lanes(without_implied({each.number: each.needs for each in found}))
    count = 1 + max(lane for _, parts in rows.values() for lane, _ in parts)
    lines = []
    for chapter in found:
        need = chapter.preparation.replace("](", "](chapters/")
        lines += [
            f"- {_svg(*rows[chapter.number], count * LANE)}"
            f"[{chapter.number} · {chapter.title}]({chapter.page})\\",
            f"  You need {need}",
        ]
    return "\n".join([":::{div} chapter-map", *lines, ":::"])


@dataclass
class Line:
    """A line on one lane: the rows where it meets dots, and those on its own lane."""

    stops: list[int]
    own: list[int]


def lanes(needs):
    """Say for each row where its dot lies, and which lines run through it.

    Parameters
    ----------
    needs : dict of int to set of int
        What each chapter needs; all of it earlier chapters.

    Returns
    -------
    dict of int to (int, set of (int, str))
        For each row the lane of its dot, and pieces of lines, each with a lane:
        ``top`` and ``bottom`` join the dot to that edge of the row, ``past`` goes by.

    Examples
    --------
    >>> lanes({1: set(), 2: {1}, 3: {1}})[3]
    (1, {(1, 'top')})
    """
    lines = _lines(needs)
    lane_of_line = _free_lanes(lines)
    dots = {}
    for line, lane in zip(lines, lane_of_line, strict=True):
        dots |= dict.fromkeys(line.own, lane)
    rows = {number: (dots[number], set()) for number in needs}
    for line, lane in zip(lines, lane_of_line, strict=True):
        first, last = line.stops[0], line.stops[-1]
        for row in range(first, last + 1):
            parts = rows[row][1]
            if row not in line.stops:
                parts.add((lane, "past"))
                continue
            if row > first:
                parts.add((lane, "top"))
            if row < last:
                parts.add((lane, "bottom"))
    return rows


def _lines(needs):
    """Cut the graph into lines; the child with most behind it goes on with a line."""
    children = {row: [other for other in needs if row in needs[other]] for row in needs}

    def reach(row):
        return {row}.union(*map(reach, children[row]))

    lines, line_of = [], {}
    for row in sorted(needs):
        nearest, *others = sorted(needs[row], reverse=True) or [None]
        if nearest and row == max(children[nearest], key=lambda each: len(reach(each))):
            line = line_of[nearest]
            line.stops.append(row)
            line.own.append(row)
        else:
            line = Line([nearest, row] if nearest else [row], [row])
            lines.append(line)
        line_of[row] = line
        for other in others:
            if children[other] == [row]:  # nothing else goes on with its line
                line_of[other].stops.append(row)
            else:
                lines.append(Line([other, row], []))
    return lines


def _free_lanes(lines):
    """Return for each line the first lane that is free where the line runs."""
    found, ends = {}, []
    for place in sorted(range(len(lines)), key=lambda each: lines[each].stops):
        line = lines[place]
        # A line may branch off in the row where another has ended, but no dot of
        # its own fits there.
        begins = line.stops[0] - (line.stops[0] in line.own)
        free = [lane for lane, end in enumerate(ends) if end <= begins]
        lane = free[0] if free else len(ends)
        ends[lane : lane + 1] = [line.stops[-1]]
        found[place] = lane
    return [found[place] for place in range(len(lines))]


def _svg(dot, parts, width):
    """Return a row's piece of the lanes; 100 units are the row's height."""

    def middle(lane):
        return lane * LANE + LANE // 2

    paths = []
    for lane, part in sorted(parts):
        x, at = middle(lane), middle(dot)
        if part == "past":
            paths.append(f"M{x} 0V100")
        else:
            edge, bend = (0, 25) if part == "top" else (100, 75)
            paths.append(f"M{x} {edge}C{x} {bend} {at} {bend} {at} 50")
    return (
        f'<svg class="lanes" style="width:{width}px" viewBox="0 0 {width} 100" '
        f'preserveAspectRatio="none" aria-hidden="true"><path d="{"".join(paths)}"/>'
        f'</svg><span class="lane-dot" style="left:{middle(dot)}px"></span>'
    )
