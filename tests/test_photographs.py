"""What counts as a photograph: converted without loss, or refused in words."""

import numpy as np
import pytest
from PIL import Image

from helpers.data import photograph
from helpers.pretrained._photograph import as_photograph

COLOUR = photograph("chelsea", size=(60, 90))
GREY = COLOUR[..., 0]


def opaque(image, value=255):
    return np.concatenate([image, np.full_like(image[..., :1], value)], axis=-1)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (COLOUR, COLOUR),
        (COLOUR.tolist(), None),
        (GREY, np.stack([GREY] * 3, axis=-1)),
        (GREY[..., None], np.stack([GREY] * 3, axis=-1)),
        (opaque(COLOUR), COLOUR),
        (COLOUR / 255, COLOUR),
        ((COLOUR / 255).astype(np.float32), COLOUR),
        ((COLOUR / 255).astype(np.float16), None),
        (opaque(COLOUR / 255, 1.0), COLOUR),
        (Image.fromarray(COLOUR), COLOUR),
        (Image.fromarray(GREY), np.stack([GREY] * 3, axis=-1)),
        (COLOUR[::-1, ::-1], COLOUR[::-1, ::-1]),
    ],
)
def test_photographs_become_eight_bit_rgb(image, expected):
    if expected is None:
        if isinstance(image, list):
            with pytest.raises(TypeError, match="must hold uint8"):
                as_photograph("f", image)
            return
        expected = np.rint(255 * image).astype(np.uint8)
    found = as_photograph("f", image)
    assert found.dtype == np.uint8
    assert found.shape == (60, 90, 3)
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        (COLOUR.astype(np.uint16) * 257, TypeError, "uint16, up to .*65535 for 16"),
        (COLOUR.astype(np.int64), TypeError, "got int64"),
        (COLOUR > 100, TypeError, "got bool"),
        (COLOUR.astype(complex), TypeError, "got complex"),
        (COLOUR.astype(np.float32), ValueError, r"in 0\.\.1 .*give uint8"),
        (COLOUR / 255 - 0.5, ValueError, r"in 0\.\.1"),
        (np.full((60, 90, 3), np.nan), ValueError, r"in 0\.\.1 .*nan"),
        (opaque(COLOUR, 128), ValueError, "be opaque"),
        (opaque(COLOUR / 255, 0.5), ValueError, "be opaque"),
        (COLOUR[:20], ValueError, "32 to 10000 pixels high and wide, got 20 × 90"),
        (COLOUR[:, :31], ValueError, "got 60 × 31"),
        (np.zeros((0, 0, 3), np.uint8), ValueError, "got 0 × 0"),
        (np.zeros((40, 10_001), np.uint8), ValueError, "got 40 × 10001"),
        (COLOUR[None], ValueError, "pass the images of a batch one by one"),
        (COLOUR.transpose(2, 0, 1), ValueError, r"transpose\(1, 2, 0\)"),
        (COLOUR[..., :2], ValueError, "1, 3 or 4 channels, got shape"),
        (GREY[0], ValueError, "got shape"),
        (np.float32(0.5), ValueError, "got shape"),
        ([[1, 2], [3]], TypeError, "be an array"),
        ("chelsea.png", ValueError, "got shape"),
        (None, ValueError, "got shape"),
        (Image.fromarray(GREY).convert("P"), TypeError, r'convert\("RGB"\)'),
        (Image.fromarray(GREY).convert("1"), TypeError, "mode '1'"),
        (Image.fromarray(COLOUR).convert("CMYK"), TypeError, "mode 'CMYK'"),
    ],
)
def test_what_is_no_photograph_is_refused_in_words(image, error, words):
    with pytest.raises(error, match=f"^f: image must .*{words}"):
        as_photograph("f", image)


def test_the_given_array_is_never_written_to():
    grey = GREY.copy()
    as_photograph("f", grey)[:] = 0
    np.testing.assert_array_equal(grey, GREY)
