"""A U-Net for cell nuclei that also learns their edges, so that they stay apart."""

import numpy as np

from helpers.metrics import mean_iou
from helpers.segmentation._segmenter import Segmenter
from helpers.segmentation._unet import unet

NUCLEUS_CLASSES = ("background", "nucleus", "edge")
EDGE = NUCLEUS_CLASSES.index("edge")


class NucleiSegmenter(Segmenter):
    """A segmenter for nuclei; `nuclei_unet` builds one."""

    def truth(self, scenes):
        """Return the class of each pixel: background, nucleus, or edge of a nucleus."""
        return edged_maps(scenes.masks)

    def _figures(self, truth, found):
        whole = mean_iou(np.minimum(truth, 1), np.minimum(found, 1), 2)
        return super()._figures(truth, found) | {"nuclei_mean_iou": whole}


def edged_maps(numbers):
    """Return the class of each pixel of nuclei; used in Chapter 14.

    Parameters
    ----------
    numbers : array_like of int, shape (images, height, width)
        The number of the nucleus whose pixel it is, from 1; 0 for none.

    Returns
    -------
    ndarray of uint8, shape (images, height, width)
        0 outside, 2 for pixels of a nucleus beside which, above, below, left or right,
        lies no pixel of the same nucleus, 1 for the other pixels of nuclei. The edge of
        the image is no edge.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.segmentation import edged_maps
    >>> edged_maps([np.full((2, 6), [0, 3, 3, 3, 5, 5])])[0, 0].tolist()
    [0, 2, 1, 2, 2, 1]
    """
    numbers = np.asarray(numbers)
    around = np.pad(numbers, [(0, 0), (1, 1), (1, 1)], mode="edge")
    beside = around[:, :-2, 1:-1], around[:, 2:, 1:-1]
    beside += around[:, 1:-1, :-2], around[:, 1:-1, 2:]
    edge = np.any([numbers != other for other in beside], axis=0)
    return np.where(edge, EDGE, 1).astype(np.uint8) * (numbers > 0)


def nuclei_unet():
    """Build a U-Net for grey images of nuclei; used in Chapter 14.

    A third class, the edge, parts nuclei that touch, as in Caicedo et al. (2019).

    Returns
    -------
    NucleiSegmenter

    Examples
    --------
    >>> from helpers.segmentation import nuclei_unet
    >>> nuclei_unet().network.output_shape
    (None, None, None, 3)
    """
    built = unet(NUCLEUS_CLASSES, channels=1)
    return NucleiSegmenter(built.network, built.class_names, built.stride)
