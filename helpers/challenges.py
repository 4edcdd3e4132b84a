"""What was reached on ILSVRC, the ImageNet challenge, from 2010 to 2017.

Top-5 error of the classification task as the papers report it. Told in Chapter 6,
*LeNet-5 to GoogLeNet*.
"""

from typing import NamedTuple


class ChallengeResult(NamedTuple):
    """One reported error, with what one must know to compare it.

    Attributes
    ----------
    year : int
        Year of the challenge.
    system : str
        Name of the network, or of the team where no network has one.
    top5_error : float
        Images whose class is not among the five guesses, in per cent.
    split : {"test", "validation"}
        Images that were scored. The labels of the test images were kept secret.
    networks : int or None
        Networks whose answers were averaged. 1 is a single network, 0 is none at all
        (features designed by hand), None is several, number not reported.
    place : {1, 2, None}
        Place in the challenge; None for a result reported beside or after it.
    outside_data : bool
        Whether images from outside the challenge's training set were used.
    source : str
        Key of the paper in ``references.bib``.
    """

    year: int
    system: str
    top5_error: float
    split: str
    networks: int | None
    place: int | None
    outside_data: bool
    source: str

    def averaged(self):
        """Say in words how many networks stand behind the result.

        Examples
        --------
        >>> ILSVRC[0].averaged(), ILSVRC[3].averaged()
        ('no network', '7 networks')
        """
        if self.networks is None:
            return "several networks"
        words = {0: "no network", 1: "1 network"}
        return words.get(self.networks, f"{self.networks} networks")


_OVERVIEW = "russakovsky2015imagenet"
_ALEXNET = "krizhevsky2012imagenet"
_GOOGLENET = "szegedy2015going"

#: The winners, and other results that the chapters speak of, by year; used in
#: Chapters 6 and 8.
ILSVRC = tuple(
    ChallengeResult(*row)
    for row in (
        (2010, "NEC-UIUC", 28.2, "test", 0, 1, False, _OVERVIEW),
        (2011, "XRCE", 25.8, "test", 0, 1, False, _OVERVIEW),
        (2012, "ISI", 26.2, "test", 0, 2, False, _OVERVIEW),
        (2012, "AlexNet", 15.3, "test", 7, 1, True, _ALEXNET),
        (2012, "AlexNet", 16.4, "test", 5, None, False, _ALEXNET),
        (2012, "AlexNet", 18.2, "validation", 1, None, False, _ALEXNET),
        (2013, "Clarifai", 11.2, "test", None, 1, True, _OVERVIEW),
        (2013, "Clarifai", 11.7, "test", None, None, False, _OVERVIEW),
        (2014, "GoogLeNet", 6.67, "test", 7, 1, False, _GOOGLENET),
        (2014, "GoogLeNet", 7.89, "validation", 1, None, False, _GOOGLENET),
        (2014, "VGG", 7.32, "test", 7, 2, False, _GOOGLENET),
        (2014, "VGG", 7.0, "test", 1, None, False, "simonyan2015very"),
        (2015, "ResNet", 3.57, "test", 6, 1, False, "he2016deep"),
        (2015, "ResNet", 4.49, "validation", 1, None, False, "he2016deep"),
        (2016, "Trimps-Soushen", 2.99, "test", None, 1, False, "hu2018squeeze"),
        (2017, "SENet", 2.25, "test", None, 1, False, "hu2018squeeze"),
    )
)

#: Error of one person, who had practised on 500 images, on 1,500 test images, in per
#: cent. A second person, who had practised on 100, erred on 12.0 % of 258 images.
#: Used in Chapter 6.
HUMAN_TOP5_ERROR = 5.1
