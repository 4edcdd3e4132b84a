"""Scripts that look for what does not fit a page, for the tests in a browser."""

# What of the article lies beside the page. What a reader can scroll to counts only if
# the argument, ``mayScroll``, is false: nobody scrolls paper.
STICKING_OUT = """(mayScroll) => {
  const scrolls = (e) => {
    for (; e && e !== document.body; e = e.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(e).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll('article.bd-article *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.right > innerWidth + 1
      || box.left < -1) && !e.closest('mjx-assistive-mml')
      && !(mayScroll && scrolls(e));
  }).map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`);
}"""
# Labels and values of explorers that are cut off.
CUT = """() => [...document.querySelectorAll(
  '.explorer :is(.widget-label, .widget-readout)')]
  .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""

# Lines of the article's text that lie over others. A third of a line's height may:
# letters do not fill it.
OVERLAPS = """() => {
  const range = document.createRange(), lines = [], found = [];
  const unseen =
    'mjx-container, style, script, svg, select, .visually-hidden, .sr-only';
  const walker = document.createTreeWalker(
    document.querySelector('article.bd-article'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(unseen) || !parent.checkVisibility())
      continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 2 && box.height > 2) lines.push({ node,
        left: box.left + 1, right: box.right - 1,
        top: box.top + box.height / 3, bottom: box.bottom - box.height / 3 });
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((one, place) => {
    for (let n = place + 1; n < lines.length && lines[n].top < one.bottom; n++) {
      const other = lines[n];
      if (other.node !== one.node && other.left < one.right && one.left < other.right)
        found.push(`${one.node.data.trim()} / ${other.node.data.trim()}`);
    }
  });
  return found;
}"""
