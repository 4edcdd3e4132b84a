"""A matplotlib figure as the smallest picture that still looks like it."""

import base64
import html
import io
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageChops

CSS_PIXELS_PER_INCH = 96
DPI = 2 * CSS_PIXELS_PER_INCH  # crisp on a screen with two device pixels a CSS pixel

# Peak signal-to-noise ratio, in dB, that all but the worst 1 % of 16×16 blocks must
# reach. A mean over the figure would not do: white paper hides the ruined lines.
PALETTE_PSNR = 40.0  # high, because banding in a smooth ramp is easy to see
PALETTES = (64, 256)  # numbers of colours to try, the fewest first
# Bytes as a quick PNG. Past it, a picture has texture, which hides what lossy WebP
# drops.
RASTER_LIMIT = 200_000


@dataclass(frozen=True)
class Frame:
    """An encoded figure.

    Parameters
    ----------
    mime : str
        Such as ``"image/webp"``.
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
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"

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


def encode(figure: Figure) -> Frame:
    """Encode a figure as lossy or lossless WebP, whichever is less.

    Lossy WebP is a candidate for textured pictures only, which hide what it drops,
    and a reduced palette only where the difference cannot be seen. Photographs mostly
    end as lossy WebP, line drawings as lossless WebP. In all the book, no figure was
    smaller as SVG or PNG, and to try them took a third of the time.

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


def render(figure: Figure) -> Image.Image:
    """Draw the figure at `DPI`."""
    # A tight box would give every frame of an explorer another size.
    settings = {"savefig.bbox": "standard", "savefig.transparent": False}
    pixels = io.BytesIO()
    with mpl.rc_context(settings):
        figure.savefig(pixels, format="rgba", dpi=DPI)
    # as matplotlib's canvas rounds them
    width, height = (int(inches * DPI) for inches in figure.get_size_inches())
    return Image.frombuffer("RGBA", (width, height), pixels.getvalue())


def compress(image: Image.Image) -> Frame:
    """Return the smallest acceptable encoding of a picture drawn at `DPI`."""
    image = _on_paper(image)
    width, height = (round(side * CSS_PIXELS_PER_INCH / DPI) for side in image.size)

    def webp(picture, **options):
        return Frame("image/webp", _save(picture, "WEBP", **options), width, height)

    candidates = []
    quick = len(_save(image, "PNG", compress_level=1))
    if quick > RASTER_LIMIT:
        lossy = webp(image, quality=80)
        # Nothing exact shrinks a quick PNG to a third: save the time to try.
        if quick > 3 * len(lossy.data):
            return lossy
        candidates.append(lossy)

    exact = image
    for colours in PALETTES:
        palette = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=0)
        reduced = palette.convert("RGB")
        if _block_psnr(image, reduced) >= PALETTE_PSNR:
            exact = reduced
            break
    candidates.append(webp(exact, lossless=True, quality=50))
    return min(candidates, key=lambda candidate: len(candidate.data))


def _on_paper(image: Image.Image) -> Image.Image:
    """Put a picture on white, so that black text stays legible on a dark page."""
    image = image.convert("RGBA")
    if image.getextrema()[3][0] == 255:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def _save(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _block_psnr(image: Image.Image, coded: Image.Image, size: int = 16) -> float:
    """Signal-to-noise ratio that 99 % of the blocks of a coded picture reach."""
    # For 8 bits a channel, a picture of differences is exact, and quick.
    error = np.asarray(ImageChops.difference(image, coded), np.float32)
    tall, wide = (min(size, length) for length in error.shape[:2])
    rows, columns = error.shape[0] // tall, error.shape[1] // wide
    blocks = error[: rows * tall, : columns * wide].reshape(rows, tall, columns, -1)
    square = np.einsum("rick,rick->rc", blocks, blocks) / blocks[0, :, 0].size
    worst = np.percentile(square, 99)
    return float(10 * np.log10(255**2 / max(worst, 1e-9)))
