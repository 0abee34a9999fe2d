"""One call of a Bot API method: its parameters, typed as the method asks for them."""

from dataclasses import dataclass

from bot.webchat.forms import Form, Upload, read_json
from bot.webchat.wire import bad_request

_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Call:
    """Parameters by name; values are native from JSON and text from forms, where nested objects are JSON text."""

    form: Form

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text."""
        value = self.form.fields.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a whole number.

        Raises:
            Refusal: 400 when it is missing without a default, or not a whole number.
        """
        value = self.form.fields.get(name)
        if value is None or value == "":
            if default is None:
                raise bad_request(
                    f"{name.removesuffix('_id')} identifier is not specified"
                    if name.endswith("_id")
                    else f"{name} is not specified"
                )
            return default
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """Return a Boolean; absent is false."""
        return str(self.form.fields.get(name, "")).lower() in _TRUE

    def parsed(self, name: str) -> object:
        """Return a nested value, or None when absent.

        Raises:
            Refusal: 400 when it is text that is not JSON.
        """
        value = self.form.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | str:
        """Return a file sent with the call, directly or by ``attach://``, or the text given instead.

        Raises:
            Refusal: 400 when there is neither.
        """
        if name in self.form.files:
            return self.form.files[name]
        value = self.text(name)
        if value.startswith("attach://") and value.removeprefix("attach://") in self.form.files:
            return self.form.files[value.removeprefix("attach://")]
        if not value:
            raise bad_request(f"there is no {name} in the request")
        return value
