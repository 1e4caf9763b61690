"""`./voronka texts`: bring the catalogues of translations up to the sources."""

from voronka.config import texts
from voronka.config.commands import options

SHOWN = 40


def run(arguments: list[str]) -> int:
    """Add new texts, drop those that are gone; code 1 while some are untranslated."""
    options.parser(
        "texts",
        "Bring the catalogues up to pages and Python; what is new comes untranslated.",
    ).parse_args(arguments)
    messages = texts.messages_of_sources()
    lacking = 0
    for language in texts.LANGUAGES:
        kept = texts.catalogue(language)
        made = texts.refreshed(kept, texts.wanted(language, messages))
        _write(language, texts.po_text(made))
        bare = texts.untranslated(made)
        lacking += len(bare)
        print(f"{language}: {len(made)} texts, {len(bare)} untranslated")
        for text in bare[:SHOWN]:
            print(f"  {text}")
        if len(bare) > SHOWN:
            print("  …")
    return 1 if lacking else 0


def _write(language: str, text: str) -> None:
    file = texts.file_of(language)
    # The launcher compiles what is newer than its product: an equal file keeps its time.
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
