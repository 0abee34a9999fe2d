"""One call of a Bot API method: its body (JSON, form or multipart, in memory only) and its typed parameters."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.webchat.base.protocol import JsonObject, bad_request

_HALF = "\\ud"  # how an escaped surrogate begins
_PARTS = 64  # of one body: no call has so many

_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name without any path, its declared type, its bytes."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """A request's fields and files by name."""

    fields: JsonObject
    files: dict[str, Upload]


class TooMuch(Exception):  # noqa: N818 - says what is, as the other errors here do
    """The body is larger than allowed; nothing was kept."""


async def read_form(request: web.Request, limit: int) -> Form:
    """Read the query and a body of at most ``limit`` bytes.

    Raises:
        TooMuch: the body is larger.
        ValueError: the body is not what its content type says.
    """
    fields: JsonObject = dict(request.query)
    if request.content_length is not None and request.content_length > limit:
        raise TooMuch
    if request.content_type == "multipart/form-data":
        try:
            return await _multipart(request, fields, limit)
        except HttpProcessingError:
            raise ValueError("a part is not what HTTP allows") from None
    body = await _read_all(request, limit)
    if request.content_type == "application/json" and body:
        said = read_json(body)
        if not isinstance(said, dict):
            raise ValueError("a JSON body is not an object")
        fields.update(said)
    elif request.content_type == "application/x-www-form-urlencoded":
        fields.update(parse_qsl(body.decode(), keep_blank_values=True))
    return Form(fields, {})


def read_json(source: str | bytes) -> object:
    """Read JSON; half a pair of surrogates, which nothing can keep as UTF-8, becomes U+FFFD.

    Raises:
        ValueError: it is no JSON, or nested so deeply that nobody means it.
    """
    text = source.decode() if isinstance(source, bytes) else source
    try:
        said: object = json.loads(text)
        if _HALF in text.lower():  # a half can only come escaped
            whole = json.dumps(said, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            said = json.loads(whole.decode("utf-16-le", "replace"))
    except RecursionError:
        raise ValueError("too deep") from None
    return said


async def _read_all(request: web.Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        body += chunk
        if len(body) > limit:
            raise TooMuch
    return bytes(body)


async def _multipart(request: web.Request, fields: JsonObject, limit: int) -> Form:
    files: dict[str, Upload] = {}
    left, parts = limit, 0
    async for part in await request.multipart():
        parts += 1
        if parts > _PARTS:
            raise TooMuch
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = await _part(part, left)
        left -= len(content)
        if part.filename is None:
            fields[part.name] = content.decode()
        else:
            name = part.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
            files[part.name] = Upload(name, part.headers.get("Content-Type", "application/octet-stream"), content)
    return Form(fields, files)


async def _part(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > limit:
            raise TooMuch
    return bytes(content)


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
