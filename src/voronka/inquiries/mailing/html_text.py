"""A page of HTML as plain text: no scripts, styles, pictures or hidden words."""

import re
from html import unescape
from html.parser import HTMLParser

TOP_PAGE = 300_000
HISTORY = "\x02"
"""Stands where the history of a letter begins, as its program marked it."""
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg"})
_LINES = frozenset({
    "address", "article", "br", "div", "dd", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                    "source", "track", "wbr"})  # fmt: skip
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d])"
)
_OLD = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|OLK_SRC_BODY|mail-quote"
)


def text_of_page(page: str) -> str:
    """Give a page's text by lines; where the history begins stands HISTORY."""
    reader = _Reader()
    try:
        reader.feed(_without_comments(page[:TOP_PAGE].replace(HISTORY, "")).replace("<?", " "))
        reader.close()
        told = "".join(reader.told)
    except (AssertionError, RecursionError, ValueError):
        # The parser gives up on some broken declarations.
        told = unescape(re.sub(r"<[^>]{0,2000}>", " ", page[:TOP_PAGE]))
    lines = (" ".join(line.split()) for line in told.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _without_comments(page: str) -> str:
    """Take comments out beforehand: the parser looks for the end of each one anew, so that
    forty thousand open ones would take it half a minute.
    """
    told, at = [], 0
    while (start := page.find("<!--", at)) >= 0:
        told.append(page[at:start])
        end = page.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(page)
    return " ".join([*told, page[at:]])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._silent or tag in _SILENT or _HIDDEN.search(given.get("style", "").lower()):
            if tag not in _EMPTY and len(self._silent) < 10_000:
                self._silent.append(tag)
            return
        if _OLD.search(given.get("class", "") + " " + given.get("id", "")):
            self.told.append(f"\n{HISTORY}\n")
        if tag == "blockquote":
            self.told.append(f"\n{HISTORY}\n" if given.get("type") == "cite" else "\n")
        elif tag in _LINES:
            self.told.append("\n")
        elif tag in ("td", "th"):
            self.told.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
            return
        if tag in _LINES or tag == "blockquote":
            self.told.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # Line ends of the source mean nothing to a reader of the page.
            self.told.append(data.replace("\r", " ").replace("\n", " "))
