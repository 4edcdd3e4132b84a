"""Annotation files: read as they are meant, damaged ones named with their line."""

import numpy as np
import pytest

from helpers.data import (
    AnnotationError,
    data_path,
    tree_photograph,
    voc_annotation,
    voc_folder,
)

OBJECT = """  <object>
    <name>{name}</name>
    <difficult>{difficult}</difficult>
    <bndbox><xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></bndbox>
  </object>
"""


def text(*boxes, width=40, height=30, name="tree", difficult=0):
    objects = [OBJECT.format(*box, name=name, difficult=difficult) for box in boxes]
    return (
        "<annotation>\n"
        "  <filename>wood.png</filename>\n"
        f"  <size><width>{width}</width><height>{height}</height></size>\n"
        + "".join(objects)
        + "</annotation>\n"
    )


@pytest.fixture
def write(tmp_path):
    def writer(content, name="wood.xml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return writer


def test_an_annotation(write):
    found = voc_annotation(write(text((5, 6, 25, 20), (0, 0, 40, 30), difficult=1)))
    np.testing.assert_array_equal(found.boxes, [[5, 6, 25, 20], [0, 0, 40, 30]])
    assert found.boxes.dtype == np.float32
    assert found.names == ("tree", "tree")
    assert found.difficult.tolist() == [True, True]
    assert (found.filename, found.image_size) == ("wood.png", (30, 40))


def test_pixels_that_count_from_one(write):
    path = write(text((1, 1, 40, 30)))
    np.testing.assert_array_equal(voc_annotation(path, True).boxes, [[0, 0, 40, 30]])


def test_an_image_with_no_object(write):
    found = voc_annotation(write(text()))
    assert found.boxes.shape == (0, 4)
    assert found.names == ()


def test_extra_entries_do_not_matter(write):
    content = text((5, 6, 25, 20)).replace(
        "<name>", "<pose>Unspecified</pose><part><name>leaf</name></part><name>"
    )
    assert voc_annotation(write(content)).names == ("tree",)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("", 1, "no element found"),
        ("no xml", 1, "syntax error"),
        (text((5, 6, 25, 20))[:-20], 8, "no element found|unclosed token"),
        (text((5, 6, 25, 20)).replace("</name>", "</nom>"), 5, "mismatched tag"),
        ("<wood/>", 1, "no <annotation>"),
        ("<annotation/>", 1, "no <size>"),
        (text().replace("<filename>wood.png</filename>", ""), 1, "no <filename>"),
        (text(width="wide"), 3, "<width> must be a number, got 'wide'"),
        (text(width="nan"), 3, "must be a number"),
        (text((5, 6, "", 20)), 7, "<xmax> must be a number"),
        (text((25, 6, 5, 20)), 7, "must have an area"),
        (text((5, 6, 5, 20)), 7, "must have an area"),
        (text((5, 6, 41, 20)), 7, "lie in the image of 40×30"),
        (text((-1, 6, 25, 20)), 7, "lie in the image"),
        (text((5, 6, 25, 20)).replace("<xmin>5</xmin>", ""), 7, "no <xmin>"),
        (text((5, 6, 25, 20)).replace("<ymin>", "<xmin>1</xmin><ymin>"), 7, "than one"),
        (text((5, 6, 25, 20)).replace("<name>tree</name>", ""), 4, "no <name>"),
    ],
)
def test_damage_is_named_with_its_line(write, content, line, message):
    path = write(content)
    with pytest.raises(AnnotationError, match=message) as raised:
        voc_annotation(path)
    assert f"{path}, line {line}: " in str(raised.value)


def test_the_rest_of_a_folder_still_loads_when_asked_to(write, tmp_path):
    write(text((5, 6, 25, 20)), "b.xml")
    write("<annotation>", "a.xml")
    write(text(), "c.xml")
    with pytest.raises(AnnotationError, match=r"a\.xml"):
        voc_folder(tmp_path)
    annotations, errors = voc_folder(tmp_path, skip_damaged=True)
    assert [found.path.name for found in annotations] == ["b.xml", "c.xml"]
    assert len(errors) == 1
    assert "a.xml, line 1" in str(errors[0])


def test_a_folder_without_annotations_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"end in \.xml"):
        voc_folder(tmp_path)
    with pytest.raises(ValueError, match=r"end in \.xml"):
        voc_folder(tmp_path / "nowhere")


def test_boxes_of_a_real_photograph_survive(write):
    """Written as a labelling tool does, and read again."""
    image, boxes = tree_photograph("florida")
    height, width = image.shape[:2]
    content = text(*boxes.astype(int).tolist(), width=width, height=height)
    np.testing.assert_array_equal(voc_annotation(write(content)).boxes, boxes)


@pytest.mark.parametrize("name", ["florida", "california"])
def test_shipped_annotations_have_the_photograph_s_boxes(name):
    image, boxes = tree_photograph(name)
    found = voc_annotation(data_path(f"tree_crowns/{name}.xml"))
    np.testing.assert_array_equal(found.boxes, boxes)
    assert found.image_size == image.shape[:2]
    assert len(found.names) == len(boxes)
