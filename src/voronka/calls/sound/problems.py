"""Why a recording could not be had."""

RETRIED = frozenset(
    {
        "no_file", "still_written", "empty", "torn", "no_answer", "no_record", "bad_record",
        "busy", "no_folder", "store_away",
    }
)  # fmt: skip
"""Another try may go better; the others will be the same tomorrow."""
NOT_THERE = frozenset({"no_file", "empty"})
"""The exchange has none: absent rather than failed."""


class SoundProblemError(Exception):
    """A recording cannot be taken now, or at all; `code` says why.

    no_file, still_written, empty, torn (cut short), not_audio, too_long, too_large,
    outside (beyond the folder), bad_place, bad_link, private_address, no_answer, busy,
    refused, no_record, bad_record, no_folder, store_away (our own store of recordings).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_final(self) -> bool:
        """Tell whether trying again is of no use."""
        return self.code not in RETRIED
