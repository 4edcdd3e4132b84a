"""Draw the cover and the favicon: ``python -m tools.art``.

The cover is the book's subject at work. A bank of oriented Gabor filters looks at a
photograph; at each place, a stroke shows the direction of the filter that answers most,
as wide as its answer is strong.
"""

from pathlib import Path

import numpy as np

from helpers import conv, filters
from helpers.data import photograph
from helpers.plots import ACCENT, SECOND

STATIC = Path(__file__).resolve().parents[1] / "_static"
ORIENTATIONS = np.arange(0, 180, 15)
SPACING = 8  # pixels between strokes
MARGIN = 11  # nearer to its edge, a photograph's zero padding looks like a line


def orientation_energy(picture):
    """Return the answers of pairs of Gabor filters, ``[height, width, angles]``."""
    energy = 0
    for phase in (0, 90):
        kernels = [
            filters.gabor(19, 8, angle, sigma=4, phase=phase) for angle in ORIENTATIONS
        ]
        kernels = [kernel - kernel.mean() for kernel in kernels]
        bank = filters.stack(kernels, in_channels=1)
        energy = energy + conv.conv2d(picture[..., None], bank, padding="SAME") ** 2
    return np.sqrt(energy)


def cover(width=1200, height=300):
    """Return the cover as SVG, drawn from the dahlia and the pavilion."""
    half = width // 2
    halves = [
        photograph(name, size=(height, half), grey=True, crop=True)
        for name in ("china", "flower")
    ]
    picture = np.concatenate(halves, axis=1) / 255.0
    energy = orientation_energy(picture)
    strength = energy.max(-1)
    strength = np.clip(strength / np.percentile(strength, 97), 0, 1)
    angle = np.deg2rad(ORIENTATIONS[energy.argmax(-1)])
    strokes = {ACCENT: [], SECOND: []}
    for y in range(SPACING // 2, height, SPACING):
        for x in range(SPACING // 2, width, SPACING):
            edge = min(y, height - y, x % half, half - x % half)
            if strength[y, x] < 0.06 or edge < MARGIN:
                continue
            reach = SPACING * 0.62
            dx, dy = reach * np.cos(angle[y, x]), -reach * np.sin(angle[y, x])
            color = SECOND if x > half else ACCENT
            weight = round(0.5 + 2.5 * strength[y, x])
            path = f"M{x - dx:.1f} {y - dy:.1f}l{2 * dx:.1f} {2 * dy:.1f}"
            strokes[color].append((weight, path))
    groups = []
    for color, lines in strokes.items():
        for weight in sorted({weight for weight, _ in lines}):
            path = "".join(path for w, path in lines if w == weight)
            stroke = f'stroke="{color}" stroke-width="{weight}"'
            groups.append(f'<path {stroke} d="{path}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'fill="none" stroke-linecap="round">{"".join(groups)}</svg>\n'
    )


def mark():
    """Return the mark as SVG: a window of 2×2 on a grid of 4×4."""
    cells = []
    for row in range(4):
        for column in range(4):
            inside = row in (1, 2) and column in (1, 2)
            cells.append(
                f'<rect x="{4 + 14.5 * column}" y="{4 + 14.5 * row}" width="12.5" '
                f'height="12.5" rx="2" fill="{SECOND if inside else ACCENT}"/>'
            )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f"{''.join(cells)}</svg>\n"
    )


PICTURES = {"cover.svg": cover, "mark.svg": mark}


def main():
    for name, draw in PICTURES.items():
        (STATIC / name).write_text(draw(), encoding="utf8")


if __name__ == "__main__":
    main()
