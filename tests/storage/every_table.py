"""What binds each column of each table, and what comes of a row that is taken away, doubled or put back.

`FOUND`: the check at each start and once a day, the recheck of every minute, or the next look at it notices it.
Every other text is why it is harmless. `test_every_table.py` holds it all, and that no table and no column is missing;
the threat model says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FOUND: Final = "found"
SEALED: Final = "it is sealed with its place and version under the day key, and only ends a draft or a list early"
TIDY: Final = "the messages stand in the messenger, not here; somebody who writes the database can keep them there"
TWICE: Final = "the same mark is no second mark, and the running process knows what it did"
GONE_DRAFT: Final = "an unsent draft can be ended by whoever writes the database; nothing was promised of it yet"
OLD_DRAFT: Final = "its writer sees the answers of before on the screen, and sends what stands there"
USED: Final = "a name that has joined is not joined again, and what lets in who was shut out is bound to the ledger"
ROOM: Final = "it is shown to nobody, and goes after three days"
AGAIN: Final = "it is made again: each case in it says up to which of its entries it was read"
ON_ITS_WAY: Final = "what somebody said for the box can be taken away before it is in it"
ASKED_AGAIN: Final = "it is asked once more, and counted once more"
WEEKLY: Final = "it counts in lots of five for one week, and a site is told of that week once more"
COUNTED: Final = "it orders cases of the same urgency of one day, and hides none"


@dataclass(frozen=True)
class Line:
    """One table: columns whose change is found, those whose change is harmless and why, and what becomes of rows."""

    bound: str
    free: Mapping[str, str] = field(default_factory=dict)
    deleted: str = FOUND
    doubled: str = FOUND
    put_back: str = FOUND


TABLES: Final[Mapping[str, Line]] = {
    "audit": Line("number hour lead_id action case_id mac bound"),
    "cases": Line(
        "id reference site status rank opened_hour touched_hour due due_at act_at owner epoch entries own_entries "
        "last_word reporter_read head access header_version desk_version version mac bands recipients offered "
        "keep_until retention actions remind_at"
    ),
    "epochs": Line("case_id epoch talk desk", doubled="an epoch that no wrap is of is read by nobody"),
    "wraps": Line("case_id epoch key_id kind holder digest blob"),
    "receipts": Line("row_id case_id wrapping verifying", doubled="one a case"),
    "headers": Line("case_id version epoch sealed", doubled="it is of no case"),
    "entries": Line("case_id number epoch kind author hour sealed signature"),
    "files": Line("id number case_id sealed mac"),
    "readers": Line("lead_id case_id open rank due_at status owner rung read_to unread band mac version"),
    "handovers": Line("case_id giver taker mac"),
    "outbox": Line(
        "id lead_id return_id case_id kind rank rung not_before told held since version mac",
    ),
    "return_addresses": Line(
        "id case_id sealed refused",
        {"language": "it is the language of one neutral sentence"},
    ),
    "roster": Line("version recovery waiting mac", {"id": "it is 1, or the table refuses it"}, doubled="one row"),
    "leads": Line(
        "id name name_key title role site language disabled wrapping verifying seed_version seed totp totp_step chat "
        "unlocked_day places state_mac former_verifying former_seed spare_codes agreement"
    ),
    "passkeys": Line("lead_id version sealed"),
    "invites": Line(
        "name title role site language lead_id expires_at mac agreement",
        {"code": "then it is found by no code"},
        deleted="then a new one is drawn",
        doubled="it is found by no code",
        put_back=USED,
    ),
    "shares": Line(
        "id case_id partner until state answers key_id wrapped sealed version mac answer_by told round_table "
        "actions remind_at"
    ),
    "share_answers": Line("share_id number case_id wraps sealed signature mac"),
    "threads": Line("id site kind writings wraps version mac"),
    "boards": Line("site version entries mac"),
    "checkins": Line("site week mark answer mac", deleted=WEEKLY, put_back=WEEKLY),
    "letters": Line("id kind site period wraps sealed mac"),
    "thread_writings": Line("thread_id number author sealed signature mac"),
    "boxes": Line("site term public wraps asked letters version mac"),
    "box_letters": Line("id site term sealed mac"),
    "box_marks": Line(
        "",
        {"mark": ASKED_AGAIN, "term": "it goes with the box of another term"},
        deleted=ASKED_AGAIN,
        doubled="no receipt has that mark",
        put_back=ASKED_AGAIN,
    ),
    "pending_letters": Line(
        "id sealed",
        {"day": SEALED},
        deleted=ON_ITS_WAY,
        doubled=FOUND,
        put_back="it has a mark: what was put in is put in once",
    ),
    "grants": Line("lead_id taker scope since after granted sealed version mac"),
    "name_segments": Line("lead_id segment sealed mac", deleted=AGAIN, put_back=AGAIN),
    "deployment": Line(
        "receipt_salt mac", {"id": "it is 1, or the table refuses it"}, doubled="one row", put_back="it never changes"
    ),
    "live": Line("version standing mac", {"id": "it is 1, or the table refuses it"}, doubled="one row"),
    "rota": Line("site version plan mac", doubled=FOUND),
    "pagers": Line("lead_id sealed asked_at tries confirmed_at version mac"),
    "reached": Line("lead_id channel taken_at refused_at version mac"),
    "drafts": Line(
        "version sealed",
        {"address": GONE_DRAFT, "day": SEALED, "touched_hour": GONE_DRAFT},
        deleted=GONE_DRAFT,
        doubled=GONE_DRAFT,
        put_back=OLD_DRAFT,
    ),
    "definitions": Line(
        "",
        {"hash": "a draft whose questions are gone begins anew", "text": "it is taken only where its hash is right"},
        deleted="a draft whose questions are gone begins anew",
        doubled="nobody asks for it",
        put_back="it never changes",
    ),
    "seen": Line("", {"mark": TWICE, "day": TWICE}, deleted=TWICE, doubled=TWICE, put_back=TWICE),
    "spoken": Line(
        "sealed",
        {"id": TIDY, "address": TIDY, "day": SEALED, "delete_at": TIDY},
        deleted=TIDY,
        doubled=TIDY,
        put_back=TIDY,
    ),
    "sources": Line(
        "sealed version", {"mark": COUNTED, "day": COUNTED}, deleted=COUNTED, doubled=COUNTED, put_back=COUNTED
    ),
    "unspoken": Line(
        "id sealed",
        {"day": SEALED},
        deleted="a receipt that was not shown is not shown after a restart; the concern is there",
        doubled=FOUND,
        put_back="it is shown once more, in the same chat",
    ),
    "quarantine": Line(
        "",
        {"id": ROOM, "day": ROOM, "sealed": ROOM},
        deleted=ROOM,
        doubled=ROOM,
        put_back=ROOM,
    ),
}
