"""Changes who opens a case: wraps for one more reader, or a new epoch for those who remain; and who is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from flows.values.ids import LeadId
from storage.cases.access import Access, holder_of, refilled_wrap_row, wrap_row
from storage.cases.rows.clear_row import ClearRow
from storage.core.integrity import Recipient
from storage.database.schema.cases import epochs, handovers, wraps
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Delete, Insert, Row
from storage.deeds.loading import FIRST_RUNG
from storage.leads.roster.roster import Roster
from storage.notices.enqueue import tell_one, tell_reporter
from storage.sealing.keys.case_keys import (
    CaseKeys,
    Commitments,
    Epoch,
    WrapKind,
    commit_to,
    new_case_keys,
    wrap_case_keys,
    wrap_talk_key,
)
from storage.sealing.primitives.xwing import PublicKey, key_id


@dataclass(frozen=True, slots=True)
class Opening:
    """A case with who opens it, the keys by epoch as far as they are at hand, and the rows that make it so.

    The case holds the digest of `access` already.
    """

    clear: ClearRow
    access: Access
    epochs: Mapping[int, CaseKeys] = field(repr=False)
    rows: tuple[Row, ...] = field(default=(), repr=False)


def let_in(opening: Opening, roster: Roster, lead: LeadId) -> Opening:
    """Make a lead a recipient, with a wrap for each epoch whose keys are at hand. About 0.2 ms an epoch.

    Of an epoch whose desk key is not at hand she gets the talk key alone.

    Args:
        opening: The case as it is, or as it is to be by now.
        roster: As it was read and verified.
        lead: Who; she has to be on the roster, and no recipient.
    """
    given = _wrapped(opening, WrapKind.LEAD, roster.leads[lead].public, lead)
    # Whoever comes late waits for nobody: told with the first from now on.
    clear = given.clear.with_recipient(Recipient(lead, FIRST_RUNG))
    return replace(given, clear=clear)


def begin_epoch(opening: Opening, roster: Roster, remaining: Iterable[LeadId], now: int) -> Opening:
    """Begin a new epoch for those who remain: fresh keys, wrapped for them, the reporter and the recovery key.

    Of whoever does not remain everything goes: wraps of all epochs, row of the queue, notices, the offer, and the case
    itself if that lead had it. What was sealed before stays as it is.

    Args:
        opening: The case as it is.
        roster: As it was read and verified.
        remaining: Recipients who are on the roster.
        now: Seconds since 1970.

    Returns:
        The case in its new epoch; its header is still to be sealed for that.
    """
    left = tuple(remaining)
    old, keys = opening.access, new_case_keys()
    epoch = Epoch(old.case, opening.clear.epoch + 1)
    gone = sorted({one.lead for one in old.holders} - {"", *left})
    commitments = commit_to(epoch, keys)
    kept = tuple(one for one in old.holders if one.lead not in gone)
    begun = Opening(
        replace(_without(opening.clear, gone, now), epoch=epoch.number),
        replace(old, holders=kept, commitments={**old.commitments, epoch.number: commitments}),
        {epoch.number: keys},
        (
            *opening.rows,
            _epoch_row(epoch, commitments),
            *(row for lead in gone for row in _removed(opening.clear, lead)),
            *_offer_ended(opening.clear, gone),
        ),
    )
    for lead in left:
        begun = _wrapped(begun, WrapKind.LEAD, roster.leads[lead].public, lead)
    begun = _wrapped(begun, WrapKind.REPORTER, PublicKey(old.receipt[1]), "")
    begun = replace(begun, epochs={**opening.epochs, epoch.number: keys})
    if roster.recovery is None:
        return begun
    # Of what was sealed before there was this key it gets what is at hand, so that it opens the whole case.
    return _wrapped(begun, WrapKind.RECOVERY, PublicKey(roster.recovery), "")


def tell_new_reader(clear: ClearRow, to: LeadId, return_id: str | None, at: int) -> tuple[Row, ...]:
    """Give the rows that tell a lead of a case that she may read now, and its reporter that there is something to read.

    She is told once, whoever acknowledges meanwhile; and again and again, like the others, until somebody does.
    """
    climbing = (tell_one(clear, to, "new", at),) if clear.due == "acknowledge" else ()
    reporter = (tell_reporter(clear, return_id, at),) if return_id else ()
    return (tell_one(clear, to, "message", at), *climbing, *reporter)


def _wrapped(opening: Opening, kind: WrapKind, public: PublicKey, lead: str) -> Opening:
    access, rows, named = opening.access, list[Row](), key_id(public)
    held = {one.epoch for one in access.holders if one.key_id == named and one not in access.removed}
    for number, keys in opening.epochs.items():
        epoch = Epoch(access.case, number)
        if number in held:
            continue
        if keys.desk is not None:
            [one] = wrap_case_keys(epoch, keys, [(kind, public)])
        elif kind is WrapKind.LEAD:
            one = wrap_talk_key(epoch, keys.talk, access.commitments[number], public)
        else:
            continue
        holder = holder_of(one, lead)
        # One that was emptied since the lead was suspended is filled again.
        before = {old for old in access.removed if (old.epoch, old.key_id) == (number, named)}
        left = tuple(old for old in access.holders if old not in before)
        access = replace(access, holders=(*left, holder), removed=access.removed - before)
        rows.append((refilled_wrap_row if before else wrap_row)(access.case, holder, one.blob))
    clear = replace(opening.clear, access=access.digest())
    return replace(opening, clear=clear, access=access, rows=(*opening.rows, *rows))


def _epoch_row(epoch: Epoch, commitments: Commitments) -> Row:
    both: dict[str, Cell] = {"talk": commitments.talk, "desk": commitments.desk}
    return Insert(epochs, {"case_id": str(epoch.case), "epoch": epoch.number, **both})


def _without(clear: ClearRow, gone: Collection[str], now: int) -> ClearRow:
    after = clear
    for lead in gone:
        after = after.without_recipient(LeadId(lead))
    return after.without_owner(now) if clear.owner in gone else after


def _removed(clear: ClearRow, lead: str) -> tuple[Row, ...]:
    """Give what goes of one lead besides the row of her queue, which goes with the change of the clear row."""
    return (
        Delete(wraps, {"case_id": clear.id, "holder": lead}),
        Delete(outbox, {"case_id": clear.id, "lead_id": lead}),
    )


def _offer_ended(clear: ClearRow, gone: Collection[str]) -> tuple[Row, ...]:
    ends = clear.offered is not None and not {clear.offered, clear.owner}.isdisjoint(gone)
    return (Delete(handovers, {"case_id": clear.id}),) if ends else ()
