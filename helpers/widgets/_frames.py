"""A matplotlib figure as the smallest picture that still looks like it."""

import base64
import html
import io
import re
from dataclasses import dataclass
from urllib.parse import quote

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

CSS_PIXELS_PER_INCH = 96
DPI = 2 * CSS_PIXELS_PER_INCH  # crisp on a screen with two device pixels a CSS pixel

# Peak signal-to-noise ratio, in dB, that all but the worst 1 % of 16×16 blocks must
# reach. A mean over the figure would not do: white paper hides the ruined lines.
PALETTE_PSNR = 40.0  # high, because banding in a smooth ramp is easy to see
PALETTES = (64, 256)  # numbers of colours to try, the fewest first
SVG_LIMIT = 64_000  # bytes; browsers redraw a larger one too slowly
# Bytes as a quick PNG. Past it, a picture has texture: too much ink for an SVG, and
# enough to hide what lossy WebP drops.
RASTER_LIMIT = 200_000


@dataclass(frozen=True)
class Frame:
    """An encoded figure.

    Parameters
    ----------
    mime : str
        ``"image/webp"``, ``"image/png"`` or ``"image/svg+xml"``.
    data : bytes
        The file.
    width, height : int
        Size on the page in CSS pixels, 96 to the inch.
    """

    mime: str
    data: bytes
    width: int
    height: int

    @property
    def uri(self) -> str:
        """The picture as a data URI that can stand in a double-quoted attribute."""
        coded = f"data:{self.mime};base64," + base64.b64encode(self.data).decode()
        if self.mime != "image/svg+xml":
            return coded
        # Quoted text is mostly shorter than base64, and a server can compress it.
        text = self.data.decode().replace('"', "'")
        plain = f"data:{self.mime}," + quote(text, safe=" '()*+,-./:;=?@!$_~")
        return min(plain, coded, key=len)

    def img(self, alt: str) -> str:
        """Return the ``<img>`` element with a text alternative.

        Examples
        --------
        >>> Frame("image/png", b"...", 384, 288).img('a "small" filter')
        '<img alt="a &quot;small&quot; filter" src="data:image/png;base64,Li4u" ...>'
        """
        return (
            f'<img alt="{html.escape(alt)}" src="{self.uri}" width="{self.width}" '
            f'height="{self.height}" decoding="sync" style="display:block;'
            'max-width:100%;height:auto;background:#fff">'
        )


@dataclass(frozen=True)
class Drawing:
    """What `compress` needs of a figure, so that it can work on another thread."""

    raster: bytes
    svg: bytes | None
    width: int
    height: int


def encode(figure: Figure) -> Frame:
    """Encode a figure as WebP, palette PNG or SVG, whichever is least.

    Lossy WebP is a candidate for textured pictures only, which hide what it drops,
    and a reduced palette only where the difference cannot be seen. Photographs mostly
    end as lossy WebP, line drawings as lossless WebP.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Kept as it is; its whole area is drawn, so that figures of equal size make
        pictures of equal size.

    Returns
    -------
    Frame
        At 192 dots per inch, on an opaque background.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = encode(Figure(figsize=(4, 3)))
    >>> frame.width, frame.height, len(frame.data) < 1000
    (384, 288, True)
    """
    return compress(render(figure))


def render(figure: Figure) -> Drawing:
    """Draw the figure as a raster and, where there is hope, as SVG."""
    width, height = np.round(figure.get_size_inches() * CSS_PIXELS_PER_INCH)
    # A tight box would give every frame of an explorer another size. The salt and
    # the missing date make equal figures equal byte for byte.
    settings = {
        "savefig.bbox": "standard",
        "savefig.transparent": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "frame",
    }
    with mpl.rc_context(settings):
        raster = io.BytesIO()
        figure.savefig(raster, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
        svg = None
        if raster.tell() < RASTER_LIMIT:
            drawing = io.BytesIO()
            nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
            figure.savefig(drawing, format="svg", dpi=DPI, metadata=nothing)
            svg = _shorten(drawing.getvalue())
    if svg is not None and len(svg) > SVG_LIMIT:
        svg = None
    return Drawing(raster.getvalue(), svg, int(width), int(height))


def compress(drawing: Drawing) -> Frame:
    """Return the smallest acceptable encoding of a drawing."""
    image = _on_paper(Image.open(io.BytesIO(drawing.raster)))

    def frame(mime: str, data: bytes) -> Frame:
        return Frame(mime, data, drawing.width, drawing.height)

    candidates = []
    if len(drawing.raster) > RASTER_LIMIT:
        lossy = frame("image/webp", _save(image, "WEBP", quality=80))
        # Nothing exact shrinks a quick PNG to a third: save the time to try.
        if len(drawing.raster) > 3 * len(lossy.data):
            return lossy
        candidates.append(lossy)

    exact = image
    for colours in PALETTES:
        palette = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=0)
        reduced = palette.convert("RGB")
        if _block_psnr(image, reduced) >= PALETTE_PSNR:
            candidates.append(frame("image/png", _save(palette, "PNG", optimize=True)))
            exact = reduced
            break
    lossless = _save(exact, "WEBP", lossless=True, quality=50)
    candidates.append(frame("image/webp", lossless))
    if drawing.svg is not None:
        candidates.append(frame("image/svg+xml", drawing.svg))
    return min(candidates, key=lambda candidate: len(candidate.uri))


def _on_paper(image: Image.Image) -> Image.Image:
    """Put a picture on white, so that black text stays legible on a dark page."""
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def _save(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _block_psnr(image: Image.Image, coded: Image.Image, size: int = 16) -> float:
    """Signal-to-noise ratio that 99 % of the blocks of a coded picture reach."""
    error = np.asarray(image, np.float32) - np.asarray(coded, np.float32)
    square = np.square(error, out=error).mean(axis=2)
    rows, columns = (max(length // size, 1) for length in square.shape)
    square = square[: rows * size, : columns * size]
    blocks = square.reshape(rows, square.shape[0] // rows, columns, -1).mean((1, 3))
    worst = np.percentile(blocks, 99)
    return float(10 * np.log10(255**2 / max(worst, 1e-9)))


def _shorten(svg: bytes) -> bytes:
    """Drop what an SVG in an ``<img>`` does not need: prolog, comments, line ends."""
    text = re.sub(
        r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", "", svg.decode(), flags=re.S
    )
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"> <", "><", text).strip().encode()
