"""What a program is told, for whoever reads its log: in English, as its other messages."""

_SAID = {
    "no_key": "Show a key made on the settings page: Authorization: Bearer vk_...",
    "wrong_method": "This address does not take this method.",
    "not_json": "The body is no JSON object. It is kept under the number given.",
    "bad_form": "The form cannot be read. It is kept under the number given.",
    "empty": "There is neither name, phone, mail nor text. It is kept under the number given.",
    "too_long": "The body is over 64 KiB; its beginning is kept under the number given.",
    "too_many": "Too many within a minute. Nothing was taken; send it again later.",
}


def said(code: str) -> str:
    """Give the sentence of a code; "" for an unknown one."""
    return _SAID.get(code, "")
