"""A class for each pixel, and a mask for each object.

It needs Keras with TensorFlow behind it.
"""

from helpers.segmentation._fcn import FcnFamily, fcn8, fcn16, fcn32, fcn_family
from helpers.segmentation._losses import cross_entropy, dice_loss
from helpers.segmentation._mask_rcnn import (
    MaskRcnn,
    instance_masks,
    mask_rcnn,
    mask_targets,
    pasted,
)
from helpers.segmentation._nuclei import NucleiSegmenter, edged_maps, nuclei_unet
from helpers.segmentation._segmenter import Segmenter, class_maps
from helpers.segmentation._unet import unet

__all__ = [
    "FcnFamily",
    "MaskRcnn",
    "NucleiSegmenter",
    "Segmenter",
    "class_maps",
    "cross_entropy",
    "dice_loss",
    "edged_maps",
    "fcn8",
    "fcn16",
    "fcn32",
    "fcn_family",
    "instance_masks",
    "mask_rcnn",
    "mask_targets",
    "nuclei_unet",
    "pasted",
    "unet",
]
