"""The marks that come with an inquiry: where somebody came from, and what they asked for."""

from collections.abc import Mapping

MARKS = (
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "yclid",
    "_ym_uid", "referrer", "page", "product", "amount", "language", "region",
    "first_utm_source", "first_utm_medium", "first_utm_campaign", "first_utm_content",
    "first_utm_term", "first_referrer",
)  # fmt: skip
"""`first_...`: of the visitor's first look at the site, as the form in it remembers."""


def marks_of_form(given: Mapping[str, str]) -> dict[str, str]:
    """Keep the known marks out of what a form or a program sent, 300 signs each.

    A source stands among the marks: the firm's list of sources is not for strangers to fill.
    """
    marks = {name: str(given[name])[:300] for name in MARKS if given.get(name)}
    if given.get("source"):
        marks["utm_source"] = str(given["source"])[:300]
    if "referrer" not in marks and given.get("referer"):
        marks["referrer"] = str(given["referer"])[:300]
    return marks
