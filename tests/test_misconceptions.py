"""*Often said, not so*: each claim has parts, proof, and numbers to be found."""

import contextlib
import io
import re

import jupytext
import pytest
import yaml
from myst_parser.mdit_to_docutils.base import default_slugify
from page_links import CHAPTERS, LINK, ROOT, linked_section

from tools.cells import sections, words
from tools.chapter_parts import searchable
from tools.notebook_checks import Book

PAGE = (ROOT / "misconceptions.md").read_text(encoding="utf8")
ENTRIES = {
    each.title: each
    for each in sections(jupytext.reads(PAGE, "md:myst"))
    if each.level == 3
}
PARTS = ("Tempting", "What holds", "Shown in")
WORDS = range(40, 131)
NUMBER = re.compile(r"\d+(?:[,_]\d{3})*(?:\.\d+)?")

# Of each mistake that the page is to clear up, words that one entry has.
SUBJECTS = {
    "chess": "may 1997",
    "people": "which task, and which people",
    "first building blocks": "neocognitron",
    "line filters": "only adds",
    "neurons and weights": "needs fewer *weights*",
    "number of maps and size of filters": "four dimensions",
    "symbols of the equation": "is the weight between it",
    "offset of SAME": "has an offset",
    "no stride": "every layer has a stride",
    "size under SAME": "at stride 1 only",
    "biases": "the 200 biases",
    "operations and memory": "which take time and no memory",
    "parameters of three layers": "903,400",
    "memory of three layers": "565.6 mb",
    "invariance": "it moves by one cell",
    "average pooling": "a mean creates nothing",
    "what pooling saves": "only a dense layer shrinks",
    "dilation": "which *pixels*",
    "depthwise": "of its own*",
    "separable": "they are cheaper",
    "padding left out": "refuses to build it",
    "ever more maps": "not a law",
    "accuracy": "belongs to a *training*",
    "augmentation": "any change that keeps the class",
    "LeNet-5's subsampling": "*adds* four inputs",
    "LeNet-5's distances": "only they do",
    "ILSVRC": "25.8 % in 2011",
    "AlexNet's error": "test images of 2010",
    "AlexNet's augmentation": "lighting alone",
    "width of LRN": "its *width*",
    "what LRN inhibits": "in *other maps*",
    "what LRN brings": "that is the hope",
    "inception module": "side by side, over the same input",
    "no bottleneck": "reduces nothing",
    "GoogLeNet's halvings": "four max poolings",
    "GoogLeNet's depth": "what sets googlenet apart",
    "VGG": "13 or 16 convolutions",
    "depth and parameters": "parameters say little about work",
    "innovations": "large dense layers",
    "residual learning": "not a product",
    "start of a residual network": "there it copies",
    "ResNet's stem": "stops there",
    "forty lines": "an ensemble of six networks",
    "Xception's gain": "*slightly*",
    "Xception's layers": "plain 1×1 convolutions",
    "squeeze": "the squeeze is the pooling",
    "gates": "no map gets louder",
    "nothing there": "among its classes, always",
    "suppression": "one box *for each object*",
    "suppression in a crowd": "in a crowd",
    "families of detectors": "they are other detectors",
    "dense layer as convolution": "a filter as large as they are",
    "larger image": "the maps grow",
    "larger objects": "filters do not grow with the image",
    "origin of FCN": "who in 1992",
    "numbers of a cell": "nine anchors, not five",
    "logistic function": "the *centre* goes through it",
    "rescaling of anchors": "they are *found* before",
    "sizes in training": "one network for several input sizes",
    "factors of FCN": "×2, add, ×2, add, ×8",
    "super-resolution": "larger than its *input*",
    "learned upsampling": "it can, and need not",
}

each_entry = pytest.mark.parametrize("title", ENTRIES)


def text(title):
    """An entry's Markdown in one line."""
    return " ".join("\n".join(ENTRIES[title].markdown).split())


def parts(title):
    """The three parts of an entry, by name."""
    pieces = re.split(r"\*([A-Z][a-z ]+):\* ", text(title))
    assert pieces[0] == "", f"{title} begins with {pieces[0]!r}"
    assert tuple(pieces[1::2]) == PARTS
    return dict(zip(PARTS, pieces[2::2], strict=True))


def shown(title):
    """An entry's links into chapters, each with the number that is written before."""
    pieces = re.split(r"Chapter (\d+), ", parts(title)["Shown in"])
    return [
        (int(number), *link)
        for number, links in zip(pieces[1::2], pieces[2::2], strict=True)
        for link in LINK.findall(links)
        if link[1] != "references.md"
    ]


def cited(title):
    links = LINK.findall(parts(title)["Shown in"])
    return {anchor for _, address, anchor in links if address == "references.md"}


def plain(markdown):
    """Text without the addresses of links and without the marks of mathematics."""
    without = LINK.sub(r"\1", markdown)
    return re.sub(r"\{(?=,)|(?<=,)\}", "", without)


def numbers(of):
    """The values that a text names in digits."""
    return {float(re.sub("[,_]", "", found)) for found in NUMBER.findall(of)}


def printed(source):
    """What a cell of the page prints, run by itself."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, "misconceptions.md", "exec"), {})
    return out.getvalue()


def test_the_page_stands_before_the_glossary_and_can_be_found():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    pages = [page["file"] for page in contents["parts"][-1]["chapters"]]
    assert pages.index("misconceptions") < pages.index("glossary")
    assert "](misconceptions.md)" in (ROOT / "how_to_use.md").read_text("utf8")


@each_entry
def test_an_entry_has_its_parts_in_few_words(title):
    assert re.fullmatch("“[^“”]+”", title), f"{title} is not put as a quotation"
    assert all(parts(title).values())
    assert len(words(LINK.sub(r"\1", text(title)))) in WORDS


@each_entry
def test_an_entry_is_settled_by_a_computation_or_a_paper(title):
    links = shown(title)
    assert links, f"{title} leads to no chapter"
    for number, label, address, anchor in links:
        assert ROOT / address == CHAPTERS[number]
        assert label == linked_section(address, anchor).title
    computed = [linked_section(*link[2:]).code for link in links]
    assert any(computed) or cited(title)


@each_entry
def test_numbers_stand_where_the_entry_leads(title):
    there = [searchable(linked_section(*link[2:])) for link in shown(title)]
    there += [printed(cell.source) for cell in ENTRIES[title].code]
    claimed = parts(title)["Tempting"] + parts(title)["What holds"]
    assert numbers(plain(claimed)) - numbers(plain("\n".join(there))) == set()


def test_numbers_that_no_chapter_has_are_noticed():
    of_all_kinds = "15{,}200 of 9×9, 10_000, 2.5 %, v3, FCN-16s: 22, 11."
    assert numbers(plain(of_all_kinds)) == {15200, 9, 10000, 2.5, 3, 16, 22, 11}
    title = "“225 million operations take 12 MB”"
    there = numbers(plain(searchable(linked_section(*shown(title)[0][2:]))))
    assert 225 in there
    assert 226 not in there


@pytest.mark.parametrize(
    ("title", "result"),
    [
        (
            "“A 3×3 filter over a colour image has 27 weights, in every layer”",
            "903,400\n19,600\n",
        ),
        (
            "“The r of local response normalization is a radius”",
            "r = 2: 3 maps\nr = 4: 5 maps\nr = 5: 5 maps\n",
        ),
        (
            "“VGG has blocks of two or three convolutions, and two dense layers”",
            "13 convolutions, 16 layers\n16 convolutions, 19 layers\n",
        ),
    ],
)
def test_what_the_pages_own_cells_print(title, result):
    (cell,) = ENTRIES[title].code
    assert printed(cell.source) == result


def test_no_cell_of_the_page_is_left_out():
    assert sum(len(entry.code) for entry in ENTRIES.values()) == PAGE.count(
        "{code-cell}"
    )


def entries_on(subject):
    return [t for t in ENTRIES if SUBJECTS[subject] in plain(text(t)).lower()]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_has_its_entry(subject):
    assert len(entries_on(subject)) == 1


def test_each_entry_has_its_subject():
    assert {title for each in SUBJECTS for title in entries_on(each)} == set(ENTRIES)


def test_links_lead_to_files_papers_terms_and_groups():
    book = Book.at(ROOT)
    groups = {default_slugify(title) for title in re.findall(r"^## (.+)", PAGE, re.M)}
    own = [anchor for _, address, anchor in LINK.findall(PAGE) if not address]
    assert len(own) == len(groups)
    assert set(own) == groups
    for _, address, anchor in LINK.findall(PAGE):
        assert (ROOT / (address or "misconceptions.md")).is_file()
        if address == "references.md":
            assert anchor in book.citations
        if address == "glossary.md":
            assert anchor in book.terms


def test_nobody_is_blamed():
    assert not re.search(r"\b(notes|textbook|students?)\b", PAGE)
