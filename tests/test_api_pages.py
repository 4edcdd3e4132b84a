"""The pages on the API of `helpers`: complete, and linked with chapters both ways."""

import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest
from book_site import ARTICLE, soup, target, toc
from nbformat.v4 import new_code_cell, new_notebook

from tools import api
from tools.fingerprint import ROOT

MODULES = api.modules()
CHAPTERS = [page for page in toc() if page.startswith("chapters/")]
NUMBER = re.compile(r"\bChapters?\s+\d+")
MACHINE = re.compile(r"\b0x[0-9a-f]{4,}|/home/|/tmp/|/root/|site-packages|object at ")

# Entries that lead to no chapter, neither by themselves nor by what they name, and why.
WHY_NO_CHAPTER = {
    "what a function returns, whose entry names the chapter": """
        accounting.Account accounting.Row accounting.Totals data.Annotation
        data.LabelledImages data.PetImage data.Scenes data.VocImage
        checks.Verdict distributed.Report geometry.ReceptiveField geometry.ConvCost
        peak_memory.StepCost pipelines.Span pretrained.Detections
        detection.SlidingWindows segmentation.FcnFamily segmentation.Segmenter
        widgets.Frame widgets.encode""",
    "what such a constant is made of, or goes with": """
        challenges.ChallengeResult checks.CHAPTERS remedies.SHAPE remedies.CLASSES
        remedies.Remedy small_networks.FASHION_SHAPE transfer.HEAD""",
    "errors of reading data, wherever it is read": """
        data.DamagedDataError data.DataError data.DownloadError
        data.MissingDataError""",
    "for larger sets, which are fetched only when they are asked for": """
        data.oxford_pets data.pascal_voc data.read_image data.read_labels
        data.VOC_CLASSES""",
    "parts of larger functions, and of the networks that ship trained": """
        detection.anchor_shapes detection.encode small_networks.relu_convolution
        training.load_weights_float16 training.save_weights_float16 training.recipes
        training.scene_recipes transfer.few_per_class""",
    "the look of the figures": """
        plots.book_figure plots.ACCENT plots.SECOND plots.INK plots.MUTED""",
}
NO_CHAPTER = {
    f"helpers.{name}" for names in WHY_NO_CHAPTER.values() for name in names.split()
}

built = [pytest.mark.browser, pytest.mark.usefixtures("site")]
each_module = pytest.mark.parametrize("module", MODULES)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page[9:11])


def page(module):
    return f"api/{module.removeprefix('helpers.')}.html"


def elements(module):
    """The signatures on a module's page, of members of classes too."""
    return soup(page(module)).select(f"{ARTICLE} dl.py > dt[id]")


@cache
def entries():
    """Each entry's name to the files and anchors that it links to."""
    return {
        each["id"]: {
            target(page(module), link["href"])
            for link in each.parent.select("a.internal[href]")
        }
        for module in MODULES
        for each in elements(module)
    }


def chapters_of(entry):
    """The chapters that an entry's own words lead to."""
    return {file for file, _ in filter(None, entries()[entry]) if file in CHAPTERS}


@cache
def taken(chapter):
    """The entries that a chapter's page leads to, from the list at its end."""
    (section,) = soup(chapter).select(f"{ARTICLE} #from-helpers")
    links = (target(chapter, link["href"]) for link in section.select("a.internal"))
    return {anchor for _, anchor in links if not anchor.startswith("module-")}


@each_module
def test_every_module_says_what_it_offers(module):
    names = api.exports(module)
    assert len(names) == len(set(names)) > 0
    assert not [name for name in names if name.startswith("_")]
    assert [
        name for name in names if not hasattr(importlib.import_module(module), name)
    ] == []


def test_what_a_notebook_takes_is_read_from_its_code():
    code = [
        "%matplotlib inline\nfrom helpers.conv import conv2d as conv, dilate",
        "from helpers import geometry as sizes, filters",
        "sizes.output_size(5, 3)\nfilters.gabor\nfilters.shape\nother.gaussian",
        "from helpers.plots import yolo as plots\nplots.grid()",
        "def late():\n    from helpers.boxes import iou",
        "from numpy import stack",
    ]
    notebook = new_notebook(cells=[new_code_cell(each) for each in code])
    assert api.taken(notebook) == {
        "helpers.boxes": ["iou"],
        "helpers.conv": ["conv2d", "dilate"],
        "helpers.filters": ["gabor"],
        "helpers.geometry": ["output_size"],
    }


class TestBuilt:
    """Of the built book."""

    pytestmark = built

    def test_every_module_has_a_page_and_a_line_in_the_overview(self):
        pages = [each for each in toc() if each.startswith("api/")]
        assert sorted(pages) == sorted(["api/index.html", *map(page, MODULES)])
        rows = soup("api/index.html").select("table.autosummary td:first-child a")
        assert sorted(row.text for row in rows) == MODULES

    @each_module
    def test_every_public_name_has_one_entry(self, module):
        found = [each["id"] for each in elements(module)]
        own = [each for each in found if each.count(".") == 2]
        assert sorted(own) == sorted(f"{module}.{name}" for name in api.exports(module))
        assert len(found) == len(set(found))
        assert not [each for each in found if re.search(r"\._", each)]

    def test_every_module_of_figures_is_named(self):
        import helpers.plots

        found = pkgutil.iter_modules(helpers.plots.__path__)
        public = [each.name for each in found if not each.name.startswith("_")]
        rows = soup("api/plots.html").select("table.autosummary td:first-child")
        assert [row.text.strip() for row in rows] == public

    def test_every_entry_leads_to_a_chapter(self):
        homeless = set()
        for entry in (each for each in entries() if each.count(".") == 2):
            named = {anchor for _, anchor in filter(None, entries()[entry])}
            near = {entry, *named} & set(entries())
            if not any(map(chapters_of, near)):
                homeless.add(entry)
        assert homeless == NO_CHAPTER

    @each_chapter
    def test_a_chapter_leads_to_entries_and_back(self, chapter):
        notebook = (ROOT / chapter).with_suffix(".ipynb")
        imported = re.findall(
            r'"from (helpers\.(?!plots)\w+) import (\w+)', notebook.read_text("utf8")
        )
        assert {".".join(each) for each in imported} <= taken(chapter)
        assert taken(chapter) <= set(entries())
        for entry in taken(chapter):
            users = [each for each in CHAPTERS if entry in taken(each)]
            assert chapters_of(entry), f"{entry} names no chapter"
            # One that takes it, or one that derives it in the open, before.
            named = min(chapters_of(entry))
            assert named in users or named < users[0], f"{entry}: {named}, not {users}"

    @each_module
    def test_words_that_name_a_chapter_lead_there(self, module):
        article = soup(page(module)).select_one(ARTICLE)
        for text in article.find_all(string=NUMBER):
            link = text.find_parent(["a", "code", "pre"])
            assert link, f"{text} leads nowhere"
            if link.name == "a":
                number = int(re.search(r"\d+", text)[0])
                file, _ = target(page(module), link["href"])
                assert file.startswith(f"chapters/{number:02}_")

    @each_module
    def test_nothing_of_the_machine_is_told(self, module):
        html = str(soup(page(module)).select_one(ARTICLE))
        assert not MACHINE.findall(html)
        for folder in (ROOT, Path.home()):
            assert f"{folder}/" not in html

    @each_module
    def test_signatures_can_be_read(self, module):
        for each in elements(module):
            shown = each.get_text()
            assert "<" not in shown
            assert len(shown) < 400

    def test_the_search_finds_functions(self, visit):
        with visit("search.html?q=conv2d_gradients") as (found, _):
            link = found.locator("#search-results li a").first
            assert "api/conv.html" in link.get_attribute("href", timeout=10_000)
