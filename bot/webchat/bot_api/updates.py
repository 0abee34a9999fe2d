"""getUpdates, and the webhook methods; a webhook has to be on this machine, as the bot is."""

import re
from urllib.parse import urlsplit

from bot.webchat.base.protocol import (
    UPDATES_AT_ONCE,
    WEBHOOK_CONNECTIONS,
    WEBHOOK_CONNECTIONS_MOST,
    JsonObject,
    Refusal,
    bad_request,
)
from bot.webchat.bot_api.call import Call
from bot.webchat.chat.state import WebChatState
from bot.webchat.chat.webhook import Target

_WHILE_BROUGHT = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


async def get_updates(door: WebChatState, call: Call) -> list[JsonObject]:
    """Confirm and fetch updates. https://core.telegram.org/bots/api#getupdates.

    Raises:
        Refusal: 409 while a webhook is set, or when another request takes over; 400 for parameters that are no numbers.
    """
    if door.webhook.is_set:
        raise Refusal(409, _WHILE_BROUGHT)
    _allow(door, call)
    return await door.updates.take(
        call.integer("offset", 0), call.integer("limit", UPDATES_AT_ONCE), call.integer("timeout", 0)
    )


async def set_webhook(door: WebChatState, call: Call) -> bool:
    """Bring updates to an address on this machine; an empty one ends that. https://core.telegram.org/bots/api#setwebhook.

    Raises:
        Refusal: 400 for an address or a secret that cannot be; the webhook stays as it was.
    """
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return await delete_webhook(door, call)
    if not _is_here(url):
        raise bad_request("bad webhook: an address on this machine must be provided")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.integer("max_connections", WEBHOOK_CONNECTIONS)
    _allow(door, call)
    _drop(door, call)
    door.updates.interrupt("terminated by setWebhook request")
    await door.webhook.point_at(Target(url, secret, max(1, min(connections, WEBHOOK_CONNECTIONS_MOST))))
    return True


def _is_here(url: str) -> bool:
    try:
        where, port = urlsplit(url), urlsplit(url).port
    except ValueError:  # brackets that do not match, a port beyond 65535
        return False
    return where.scheme in {"http", "https"} and where.hostname in _HERE and port != 0


async def delete_webhook(door: WebChatState, call: Call) -> bool:
    """Let updates be fetched again, and drop what waits if asked to. https://core.telegram.org/bots/api#deletewebhook.

    What is on its way to the webhook is broken off, and is fetched then.
    """
    await door.webhook.point_at(None)
    _drop(door, call)
    return True


async def get_webhook_info(door: WebChatState, call: Call) -> JsonObject:  # noqa: ARG001 - every method has this shape
    """Return where updates are brought, and the last error. https://core.telegram.org/bots/api#getwebhookinfo."""
    return door.webhook.info()


def _allow(door: WebChatState, call: Call) -> None:
    allowed = call.parsed("allowed_updates")
    if isinstance(allowed, list):
        door.updates.allow([str(kind) for kind in allowed])


def _drop(door: WebChatState, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        door.updates.drop_all()
