"""Reply markups: inline keyboards are checked and kept, a forced reply is the page's field, the rest is ignored."""

from bot.webchat.base.protocol import BUTTONS, CALLBACK_DATA_BYTES, COPY_TEXT_CHARS, JsonObject, bad_request
from bot.webchat.markup.entities import units

_STYLES = {"primary", "success", "danger"}
# Not Telegram's: a button that stands out less than a choice, or is good for as long as its message stands.
_VARIANTS = {"plain", "lasting"}
# Not Telegram's either. `private`: nobody else sees the person's device, so the page may keep what was answered and
# what is unsent. `beside`: a list that stands beside the conversation where the page has room for both, and nowhere
# else. `keep_device`: the device that the last secret came from is to be known again.
# `file`: the next thing that the person sends may be a file, and the page has a button for one.
_TOLD = ("private", "beside", "keep_device", "file")


def inline_keyboard(markup: object) -> JsonObject | None:
    """Return the inline keyboard to keep with a message, or None when the markup holds none.

    Raises:
        Refusal: 400 with Telegram's word for a bad button (BUTTON_DATA_INVALID and others).
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > BUTTONS:
        raise bad_request("reply markup is too long")
    told = {name: True for name in _TOLD if markup.get(name) is True}
    return {"inline_keyboard": kept, **told} if kept else None


def _button(button: object) -> JsonObject:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String and non-empty')
    kept: JsonObject = {"text": button["text"]}
    if button.get("style") in _STYLES:
        kept["style"] = button["style"]
    if button.get("variant") in _VARIANTS:
        kept["variant"] = button["variant"]
    # Not Telegram's: it can be ticked, and is or is not. The label begins with the sign of that, which the page draws.
    if isinstance(button.get("checked"), bool):
        kept["checked"] = button["checked"]
    if isinstance(button.get("callback_data"), str):
        return {**kept, "callback_data": _data(button["callback_data"])}
    if isinstance(button.get("url"), str):
        return {**kept, "url": _url(button["url"])}
    if isinstance(button.get("copy_text"), dict):
        return {**kept, "copy_text": {"text": _copied(button["copy_text"].get("text"))}}
    if isinstance(button.get("web_app"), dict):
        return {**kept, "web_app": {"url": _app(button["web_app"].get("url"))}}
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _data(data: str) -> str:
    if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _url(url: str) -> str:
    if not url.lower().startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    return url


def _app(url: object) -> str:
    """A Mini App's address (https://core.telegram.org/bots/api#webappinfo); the page shows it as any other."""
    if not isinstance(url, str) or not url.lower().startswith("https://"):
        raise bad_request("BUTTON_URL_INVALID")
    return url


def _copied(text: object) -> str:
    if not isinstance(text, str) or not 1 <= units(text) <= COPY_TEXT_CHARS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return text


def secret_field(markup: object) -> JsonObject | None:
    """Return the field a forced reply asks the page for, ``{"parts": [...], "label": str}``, or None.

    The convention is a placeholder ``"<part>[+<part>]: <label>"``, where a part is ``password``, ``new-password``,
    ``one-time-code`` or ``pin``. Telegram shows the placeholder as it is; the page shows real fields and the label.
    """
    if not isinstance(markup, dict) or not markup.get("force_reply"):
        return None
    head, _, label = str(markup.get("input_field_placeholder") or "").partition(":")
    parts = [part.strip() for part in head.split("+")]
    known = {"password", "new-password", "one-time-code", "pin"}
    return {"parts": parts, "label": label.strip()} if parts and known.issuperset(parts) else None
