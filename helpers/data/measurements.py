"""Measurements with other axes than a photograph's: a series and a volume."""

import csv

import numpy as np

from helpers.data._files import data_path


def co2():
    """Load the weekly carbon dioxide record of Mauna Loa, 1958 to 2001.

    Used in Chapter 4, The convolution family.

    Returns
    -------
    values : numpy.ndarray
        float64 ``[2284]``: mean concentration of CO2 in the air of each week, in parts
        per million (ppm) by volume. A week without a measurement is NaN.
    dates : numpy.ndarray
        datetime64[D] ``[2284]``: the Saturday that each week is filed under; they
        follow each other at seven days, without a gap.

    Raises
    ------
    DataError
        If the file is missing or damaged: see `data_path`.

    References
    ----------
    Keeling and Whorf, "Atmospheric CO2 concentrations derived from flask air samples
    at sites in the SIO network", in Trends: A Compendium of Data on Global Change,
    Carbon Dioxide Information Analysis Center, 2004

    Examples
    --------
    >>> from helpers.data import co2
    >>> values, dates = co2()
    >>> dates[0].item().isoformat(), values[0].item()
    ('1958-03-29', 316.1)
    >>> int(np.isnan(values).sum())
    59
    """
    with open(data_path("co2.csv"), newline="", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    values = np.array([float(row["co2"] or "nan") for row in rows])
    days = [row["date"] for row in rows]
    dates = [f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in days]
    return values, np.array(dates, "datetime64[D]")


def nuclei_volume():
    """Load a small volume of simulated cell nuclei, with the true shape of each.

    Used in Chapter 4, The convolution family. The picture imitates a stack of
    fluorescence micrographs, with its noise and its light from out of focus; the
    package that it comes from calls it synthetic. So the masks are known, not drawn.

    Returns
    -------
    volume : numpy.ndarray
        uint16 ``[31, 61, 57]``, depth (the slice), height and width in voxels:
        brightness, from 104 to 375. Nuclei are about half as many slices deep as they
        are pixels wide.
    masks : numpy.ndarray
        uint16 ``[31, 61, 57]``: 0 outside, and for each of the 51 nuclei a number of
        its own.

    Raises
    ------
    ImportError
        If Pillow is not installed.
    DataError
        If a file is missing or damaged: see `data_path`.

    Examples
    --------
    >>> from helpers.data import nuclei_volume
    >>> volume, masks = nuclei_volume()
    >>> volume.shape, volume.dtype, len(np.unique(masks[masks > 0]))
    ((31, 61, 57), dtype('uint16'), 51)
    """
    return _stack("nuclei_volume.tif"), _stack("nuclei_volume_mask.tif")


def _stack(name):
    """Return the pages of a TIFF file as one array [depth, height, width]."""
    try:
        from PIL import Image, ImageSequence
    except ImportError as error:
        raise ImportError("nuclei_volume needs Pillow: pip install pillow") from error
    with Image.open(data_path(name)) as file:
        return np.stack([np.array(page) for page in ImageSequence.Iterator(file)])
