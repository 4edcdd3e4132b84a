"""How figures are encoded: small, and still what was drawn."""

import io
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from helpers.widgets import Frame, encode


def photograph():
    """Something with the statistics of a photograph: smooth, coloured, grainy."""
    random = np.random.default_rng(0)
    coarse = random.uniform(size=(12, 16, 3))
    picture = Image.fromarray(np.uint8(255 * coarse)).resize((640, 480))
    noisy = np.asarray(picture) + random.normal(scale=4, size=(480, 640, 3))
    return np.uint8(noisy.clip(0, 255))


def photo_figure():
    figure = Figure(figsize=(4, 3))
    axes = figure.add_axes([0, 0, 1, 1])
    axes.imshow(photograph())
    axes.axis("off")
    return figure


def line_figure():
    figure = Figure(figsize=(4, 3), layout="constrained")
    axes = figure.add_subplot()
    for phase in range(4):
        axes.plot(np.sin(np.linspace(0, 10, 300) + phase))
    axes.set_xlabel("time (s)")
    return figure


def cell_figure():
    figure = Figure(figsize=(4, 3), layout="constrained")
    axes = figure.add_subplot()
    numbers = np.random.default_rng(0).integers(0, 10, (7, 9))
    axes.imshow(numbers, cmap="cividis")
    for (row, column), number in np.ndenumerate(numbers):
        axes.text(column, row, number, ha="center", va="center", color="w")
    return figure


def psnr(figure, frame):
    plain = io.BytesIO()
    figure.savefig(plain, format="png", dpi=192)
    exact = np.asarray(Image.open(plain).convert("RGB"), float)
    coded = np.asarray(Image.open(io.BytesIO(frame.data)).convert("RGB"), float)
    return 10 * np.log10(255**2 / np.mean((exact - coded) ** 2))


def test_a_photograph_becomes_lossy_webp():
    frame = encode(photo_figure())
    assert frame.mime == "image/webp"
    assert len(frame.data) < 60_000
    assert 30 < psnr(photo_figure(), frame) < 60


def test_cells_with_numbers_stay_sharp():
    frame = encode(cell_figure())
    assert frame.mime == "image/webp"
    assert psnr(cell_figure(), frame) > 45


@pytest.mark.parametrize("make", [photo_figure, line_figure, cell_figure])
def test_nothing_plain_is_smaller(make):
    figure = make()
    frame = encode(figure)
    raster = io.BytesIO()
    figure.savefig(raster, format="png", dpi=192)
    image = Image.open(raster).convert("RGB")
    rivals = [raster.getbuffer().nbytes]
    for picture, kind, options in [
        (image, "WEBP", {"lossless": True, "quality": 50}),
        (image.quantize(256, dither=0), "PNG", {"optimize": True}),
    ]:
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        rivals.append(buffer.tell())
    assert len(frame.uri) <= min(rivals) * 4 / 3 + 30


def test_lines_keep_their_colours_without_loss():
    frame = encode(line_figure())
    assert frame.mime == "image/webp"
    assert b"VP8L" in frame.data[:20]  # WebP's lossless kind
    assert psnr(line_figure(), frame) > 45
    assert re.fullmatch(r"data:image/webp;base64,[\w+/]+=*", frame.uri)


def test_frames_are_twice_as_dense_as_their_size_on_the_page():
    frame = encode(photo_figure())
    assert (frame.width, frame.height) == (384, 288)
    assert Image.open(io.BytesIO(frame.data)).size == (768, 576)


def test_frames_ignore_a_tight_box_and_transparency():
    with plt.rc_context({"savefig.bbox": "tight", "savefig.transparent": True}):
        frame = encode(cell_figure())
    picture = Image.open(io.BytesIO(frame.data))
    assert picture.size == (768, 576)
    assert picture.convert("RGBA").getpixel((1, 1)) == (255, 255, 255, 255)


def test_equal_figures_give_equal_bytes():
    assert encode(line_figure()) == encode(line_figure())


def test_the_img_element_is_escaped():
    html = Frame("image/png", b"x", 10, 20).img('<b> & "quotes"')
    assert 'alt="&lt;b&gt; &amp; &quot;quotes&quot;"' in html
    assert 'width="10" height="20"' in html
    assert "max-width:100%" in html
