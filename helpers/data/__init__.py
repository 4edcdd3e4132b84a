"""The book's photographs and data sets, checked before they are used.

A file is looked for in the folder that ``HELPERS_DATA`` names, or else in ``data/`` of
the checkout, or else in the user's cache, where it is fetched into when it is needed
for the first time. ``data/README.md`` says where each file comes from and under which
licence.
"""

from helpers.data._files import (
    DamagedDataError,
    DataError,
    DownloadError,
    MissingDataError,
    data_path,
)
from helpers.data.annotated_images import (
    VOC_CLASSES,
    PetImage,
    VocImage,
    oxford_pets,
    pascal_voc,
)
from helpers.data.colour_images import flowers, tree_crowns, tree_photograph
from helpers.data.composition import Scenes, scenes
from helpers.data.image_files import read_image, read_labels
from helpers.data.labelled_images import (
    LabelledImages,
    digits,
    fashion_mnist,
    mnist,
)
from helpers.data.measurements import co2, nuclei_volume
from helpers.data.microscopy import nuclei, nuclei_part, nuclei_tiles
from helpers.data.photographs import photograph, photograph_names, sample_images
from helpers.data.voc import Annotation, AnnotationError, voc_annotation, voc_folder

__all__ = [
    "VOC_CLASSES",
    "Annotation",
    "AnnotationError",
    "DamagedDataError",
    "DataError",
    "DownloadError",
    "LabelledImages",
    "MissingDataError",
    "PetImage",
    "Scenes",
    "VocImage",
    "co2",
    "data_path",
    "digits",
    "fashion_mnist",
    "flowers",
    "mnist",
    "nuclei",
    "nuclei_part",
    "nuclei_tiles",
    "nuclei_volume",
    "oxford_pets",
    "pascal_voc",
    "photograph",
    "photograph_names",
    "read_image",
    "read_labels",
    "sample_images",
    "scenes",
    "tree_crowns",
    "tree_photograph",
    "voc_annotation",
    "voc_folder",
]
