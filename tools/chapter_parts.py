"""The parts that every chapter has, and how they are counted.

`PARTS` holds the checks by name; each takes a notebook, the chapter's entry in
``tests/curriculum.toml`` and the book's folder, and yields a message for each fault.
"""

import ast
import re
import tomllib

from tools.cells import (
    MARKDOWN,
    alternative,
    calls,
    code_tree,
    section,
    sections,
    walk_now,
    words,
)
from tools.notebook_checks import stored_texts

OBJECTIVES = "What you will be able to do"
FAILURE = "See it fail"
QUIZ = "Quick quiz"
EXERCISES = "Exercises"
SUMMARY = "Summary"
READING = "Further reading"
RETURNS = "Where this returns"
FIXED = (OBJECTIVES, FAILURE, QUIZ, EXERCISES, SUMMARY, READING, RETURNS)

LEVELS = ("Recall", "Implement", "Investigate")
EXERCISE = re.compile(r"Exercise (\d+)\.(\d+) · (\w+)")
PREDICTION = "**Predict, then look.**"

MIN_FIGURES = 8
MIN_EXPLORERS = 2
PROSE = range(2500, 5001)
TOPIC_WORDS = 40  # below that, a topic is named and not taught
FAILURE_WORDS = 100


def headings(notebook, chapter, root):
    """Check the fixed headings: each once, at level 2, in the book's order."""
    found = sections(notebook)
    levels = [each.level for each in found]
    if levels.count(1) != 1 or levels[1] != 1:
        yield "the notebook does not open with its one title"
    fixed = [each for each in found if each.title in FIXED]
    for title in FIXED:
        count = sum(each.title == title and each.level == 2 for each in fixed)
        if count != 1:
            yield f"the heading ## {title} stands {count} times"
    order = [each.title for each in fixed]
    if order != sorted(order, key=FIXED.index):
        yield f"the fixed headings are in the order {order}"
    second = [each.title for each in found if each.level == 2]
    if second[:1] != [OBJECTIVES]:
        yield f"## {OBJECTIVES} is not the first section"


def objectives(notebook, chapter, root):
    count = len(list_items(text_of(notebook, OBJECTIVES)))
    if not 3 <= count <= 5:
        yield f"{count} objectives, 3 to 5 are needed"


def preparation(notebook, chapter, root):
    text = text_of(notebook, OBJECTIVES)
    if not re.search(r"^\*\*You need:\*\* *\S", text, re.MULTILINE):
        yield "no line **You need:** among the objectives"
    time = r"^\*\*Time:\*\*.*\d+ minutes to read\b.*\d+ (?:minutes?|seconds) to run\b"
    if not re.search(time, text, re.MULTILINE):
        yield "no line **Time:** … minutes to read, … seconds to run"


def text_of(notebook, title):
    """Return a section's Markdown, or an empty text where it is missing."""
    found = section(notebook, title)
    return "\n\n".join(found.markdown) if found else ""


def code_of(notebook, title):
    found = section(notebook, title)
    return found.code if found else []


def list_items(text):
    """Return the items of the first list that are not nested in others."""
    lists = ("bullet_list_open", "ordered_list_open")
    tokens, items, inside = MARKDOWN.parse(text), [], False
    for token in tokens:
        if token.level == 0 and token.type in lists and not items:
            inside = True
        elif token.level == 0 and token.type.endswith("_list_close"):
            inside = False
        elif inside and token.level == 1 and token.type == "list_item_open":
            items.append(token)
    return items


def figures(notebook, chapter, root):
    count = len(drawn(notebook))
    if count < MIN_FIGURES:
        yield f"{count} figures, at least {MIN_FIGURES} are needed"


def drawn(notebook):
    """Return the code cells that show a figure."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [cell for cell in code if alternative(cell)]


def explorers(notebook, chapter, root):
    least = max(chapter.get("explorers", 0), MIN_EXPLORERS)
    count = len(called(notebook, "explorer"))
    if count < least:
        yield f"{count} explorers, at least {least} are needed"


def called(notebook, name):
    """Return the calls of a function in all of a notebook's cells."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [call for cell in code for call in calls(code_tree(cell.source), name)]


def predictions(notebook, chapter, root):
    """Check that a question to predict has something to look at after it."""
    asked = 0
    for part in sections(notebook):
        for place, piece in enumerate(part.parts):
            paragraphs = str(piece).split("\n") if isinstance(piece, str) else []
            if any(line.startswith(PREDICTION) for line in paragraphs):
                asked += 1
                if all(isinstance(later, str) for later in part.parts[place:]):
                    yield f"nothing to look at after {PREDICTION} in {part.title}"
    if not asked:
        yield f"no paragraph begins with {PREDICTION}"


def failure(notebook, chapter, root):
    count = len(words(text_of(notebook, FAILURE)))
    if count < FAILURE_WORDS:
        yield f"{FAILURE}: {count} words, at least {FAILURE_WORDS} are needed"
    if not code_of(notebook, FAILURE):
        yield f"{FAILURE}: no code shows it"


def quiz(notebook, chapter, root):
    trees = [code_tree(cell.source) for cell in code_of(notebook, QUIZ)]
    found = [call for tree in trees for call in calls(tree, "quiz")]
    if len(found) != 1 or not isinstance((*found[0].args, None)[0], ast.Constant):
        yield f'{QUIZ}: one cell calls quiz("name")'
        return
    file = root / "helpers" / "quizzes" / f"{found[0].args[0].value}.toml"
    if not file.exists():
        yield f"{QUIZ}: there is no {file.relative_to(root)}"
        return
    count = len(tomllib.loads(file.read_text("utf8")).get("question", []))
    if not 3 <= count <= 6:
        yield f"{QUIZ}: {count} questions in {file.name}, 3 to 6 are needed"


def exercises(notebook, chapter, root):
    own = [each for each in sections(notebook) if each.title.startswith("Exercise ")]
    matches = [EXERCISE.fullmatch(each.title) for each in own if each.level == 3]
    good = [match for match in matches if match and match[3] in LEVELS]
    if len(good) != len(own):
        yield "an exercise's heading is not like ### Exercise 2.1 · Recall"
    if len(good) < 3 or {match[3] for match in good} != set(LEVELS):
        yield f"{len(good)} exercises; at least one at each of the levels {LEVELS}"
    number = int(re.match(r"\d+", chapter["file"]).group())
    expected = [(number, place + 1) for place in range(len(good))]
    if [(int(match[1]), int(match[2])) for match in good] != expected:
        yield f"the exercises are not numbered {number}.1, {number}.2 and so on"
    inside = section(notebook, EXERCISES)
    for each in own:
        if inside is None or any(part not in inside.parts for part in each.parts):
            yield f"{each.title} does not stand under ## {EXERCISES}"
        if not any(is_check(cell) for cell in each.code):
            yield f"{each.title}: no cell checks it"


def is_check(cell):
    """Tell whether a cell asserts something or calls a function ``check…``."""
    for node in walk_now(code_tree(cell.source)):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name.startswith("check"):
                return True
    return False


def summary(notebook, chapter, root):
    text = text_of(notebook, SUMMARY)
    count = len(list_items(text)) or len(text.split("\n\n")[0].splitlines())
    if not 8 <= count <= 12:
        yield f"{SUMMARY}: {count} lines, about ten are needed"


def reading(notebook, chapter, root):
    link = r"\]\(\.\./references\.md#([^)\s]+)\)"
    keys = set(re.findall(link, text_of(notebook, READING)))
    if len(keys) < 3:
        yield f"{READING}: {len(keys)} references, at least 3 are needed"


def returns(notebook, chapter, root):
    later = re.compile(r"\b[Cc]hapters? \d+|\.ipynb\)")
    if not later.search(text_of(notebook, RETURNS)):
        yield f"{RETURNS}: it names no chapter"


def prose(notebook, chapter, root):
    count = prose_words(notebook)
    if count not in PROSE:
        yield f"{count} words of prose, {PROSE[0]} to {PROSE[-1]} are needed"


def prose_words(notebook):
    text = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return sum(len(words(source)) for source in text)


def topics(notebook, chapter, root):
    """Check that each topic of the curriculum is taught under its heading."""
    if not chapter.get("topic"):
        yield "the curriculum lists no topic"
    for topic in chapter.get("topic", []):
        found = section(notebook, topic["section"])
        if found is None:
            yield f"{topic['name']}: no section (or two) called {topic['section']}"
            continue
        count = len(words("\n\n".join(found.markdown)))
        if count < TOPIC_WORDS:
            yield f"{topic['name']}: {count} words in {topic['section']}"
        text = searchable(found)
        for term in topic["words"]:
            if " ".join(term.lower().split()) not in text:
                yield f"{topic['name']}: {topic['section']} never says {term!r}"


def searchable(part):
    """Return all that a section says: its prose, its code and its stored outputs."""
    texts = [*part.markdown]
    for cell in part.code:
        texts += [cell.source, *stored_texts(cell)]
    text = re.sub(r"\*|\{(?=,)|(?<=,)\}", "", "\n".join(texts))
    return " ".join(text.lower().split())


PARTS = {
    part.__name__: part
    for part in (
        headings,
        objectives,
        preparation,
        figures,
        explorers,
        predictions,
        failure,
        quiz,
        exercises,
        summary,
        reading,
        returns,
        prose,
        topics,
    )
}
