"""Write the lists of explorers and of figures, from the chapters themselves."""

from tools.contents import chapters


def explorers():
    """Return Markdown that names every explorer of the chapters, with links."""
    return _by_chapter(
        lambda chapter: [
            f"- [{each.section}]({chapter.page}#{each.anchor}). {_capital(each.shows)}"
            for each in chapter.explorers
        ]
    )


def figures():
    """Return Markdown that names every figure of the chapters, with links."""
    return _by_chapter(
        lambda chapter: [
            f"- [{each.caption}]({chapter.page}#{each.anchor})"
            for each in chapter.figures
        ]
    )


def _by_chapter(items):
    parts = []
    for chapter in chapters():
        parts += [f"## {chapter.number} · {chapter.title}", "", *items(chapter), ""]
    return "\n".join(parts)


def _capital(text):
    """Begin a sentence that begins with a control's name with a capital letter."""
    return f"*{text[1].upper()}{text[2:]}" if text.startswith("*") else text
