"""Writes `frozen_vectors.json`: one thing sealed in every format, as the code of the day seals it.

Run once when a format is added: `PYTHONPATH=. python tests/storage/sealing/freeze_vectors.py`. It keeps every vector
that is there and only adds what is missing; what was sealed once must open for ever (see `test_frozen_vectors.py`).
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.together.share_table import SaidAtTable
from flows.values.ids import LeadId
from storage.cases.entries import Author, Said, append
from storage.cases.rows.clear_row import ClearRow
from storage.cases.rows.share_row import write_content, write_table
from storage.cases.transfer_file import CaseCopy, Signer
from storage.desk.partnership.sharing.partner_desk import SIGNED
from storage.sealing.age import age_file, age_keys
from storage.sealing.keys.case_keys import CaseKeys, Epoch, WrapKind, commit_to, wrap_case_keys
from storage.sealing.keys.day_keys import DayKey
from storage.sealing.keys.lead_keys import lead_keys, name_tag, seal_former_seed, wrap_seed
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.keys.share_keys import seal_answer, seal_share, seal_table
from storage.sealing.keys.thread_keys import seal_writing, wrap_thread
from storage.sealing.keys.transfer_key import sign_receipt, transfer_key
from storage.sealing.primitives.box import Place, seal, seal_text
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.signing import sign, verifying_key
from storage.sealing.primitives.xwing import public_key, wrap
from storage.sealing.receipts.receipt import Receipt, derive, receipt_to_token
from storage.values import CaseId
from storage.values.shares import ShareContent, SharedPart

FILE = Path(__file__).with_name("frozen_vectors.json")
KEY = bytes(range(32))
SEED = bytes(range(32, 64))
PLACE = Place("entry", "K7QM3D", 4, "message", 2)
EPOCH = Epoch("K7QM3D", 1)
KEYS = CaseKeys(bytes(range(64, 96)), bytes(range(96, 128)))
PASSPHRASE = "eleven small boats at noon"


def container() -> bytes:
    """A case of one entry, as it is handed over whole."""
    begun = ClearRow(
        *(CaseId("K7QM3D"), "K7QM3D", "oakfield", "new", 2, 0, 0, None, 0, 0, None, 1, 0, 0, 0, 0, b"", b"", 1, 1, 1)
    )
    said = Said("talk", {"kind": "concern", "at": "2026-03-04T09:00:00+00:00", "text": "They wait for me at the gate."})
    _, row = append(begun, KEYS, Author("", SEED), said, 0)
    signers = {"": Signer("", (verifying_key(SEED),))}
    copy = CaseCopy("Oakfield", "K7QM3D", "K7QM3D", "soon", ("Mr Bell",), (row.values,), {1: KEYS}, signers)
    return copy.written()


def seal_everything() -> dict[str, str]:
    """Seal one of each, in hex or as text."""
    commitments = commit_to(EPOCH, KEYS)
    wraps = wrap_case_keys(EPOCH, KEYS, [(kind, public_key(SEED)) for kind in WrapKind])
    receipt_keys = derive(Receipt(KEY[:10]), KEY[:16])
    server, day, card = ServerKey(KEY), DayKey(date(2026, 3, 4), KEY), lead_keys(SEED).card
    return {
        "canonical": canonical("hark/test/1", None, 7, "é", b"\0", ("a", ("b",))).hex(),
        "box": seal(KEY, PLACE, b"They wait for me at the gate.").hex(),
        "text": seal_text(KEY, PLACE, "They wait for me at the gate.").hex(),
        "x-wing": wrap(public_key(SEED), b"info", b"secret").hex(),
        "age file": age_file.encrypt(public_key(SEED), b"secret").hex(),
        "age identity": age_keys.identity_text(SEED),
        "talk commitment": commitments.talk.hex(),
        "desk commitment": commitments.desk.hex(),
        **{f"{wrapped.kind} wrap": wrapped.blob.hex() for wrapped in wraps},
        "lead seed": wrap_seed(SEED, PASSPHRASE, "lead-a", 1).hex(),
        "lead key id": card.key_id.hex(),
        "lead verifying key": card.verifying.hex(),
        "lead own key": lead_keys(SEED).own.hex(),
        "lead index key": lead_keys(SEED).index.hex(),
        "name tag": name_tag(lead_keys(SEED), "surname", "bell").hex(),
        "former seed": seal_former_seed(lead_keys(SEED), KEY, "lead-a", 2).hex(),
        **_shares(),
        "receipt in English": Receipt(KEY[:10], "en").words,
        "receipt in Spanish": Receipt(KEY[:10], "es").words,
        "receipt token": receipt_to_token(Receipt(KEY[:10])),
        "receipt row id": receipt_keys.row_id.hex(),
        "receipt wrapping seed": receipt_keys.wrapping_seed.hex(),
        "receipt signing seed": receipt_keys.signing_seed.hex(),
        "lead signature": sign(lead_keys(SEED).signing_seed, "entry/1", "K7QM3D", 4, b"text").hex(),
        "transfer key": transfer_key(SEED).text,
        "transfer key's words": transfer_key(SEED).words,
        "transfer receipt": sign_receipt(SEED, KEY),
        "transfer container": container().hex(),
        "server mac": server.mac("case/1", "K7QM3D", ("lead-a", "lead-b")).hex(),
        "server address key": server.address_key().hex(),
        "day box key": day.box_key().hex(),
        "thread wraps": wrap_thread([public_key(SEED), public_key(KEY)], "thread", KEY).hex(),
        "thread writing": seal_writing(KEY, "thread", 3, "A quiet corner at lunch").hex(),
        "day mark": day.mark("seen", "tg", 7).hex(),
    }


def _shares() -> dict[str, str]:
    """What a partner is shown, before and since there was a clock, and what she answers."""
    at = datetime(2026, 6, 12, 9, tzinfo=UTC)
    said = ("Ms Carter, Willow Park", "Nurse Okafor", "to plan", "Could you see her?", at)
    content = ShareContent(*said, (SharedPart("She wrote:", "It hurts. █████"),))
    texts = {"share content": content, "share content with a clock": replace(content, answer_by=at, refers=True)}
    kept = seal_share(public_key(SEED), "share-a", "lead-a", write_content(content))
    answer = seal_answer([public_key(KEY), public_key(SEED)], "share-a", 2, "taken on")
    return {
        **{name: write_content(one) for name, one in texts.items()},
        "share wrap": kept.wrapped.hex(),
        "share": kept.sealed.hex(),
        "share table said": write_table(
            [SaidAtTable(LeadId("lead-a"), "Nurse Okafor", {"kind": "view", "note": "It helps."})]
        ),
        "share table": seal_table(public_key(SEED), "share-a", "lead-a", "what was said").hex(),
        "share answer wraps": answer.wraps.hex(),
        "share answer": answer.sealed.hex(),
        "share answer signature": sign(lead_keys(SEED).signing_seed, SIGNED, "share-a", 2, "taken on").hex(),
    }


def main() -> None:
    """Add the vectors that are missing."""
    frozen = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    FILE.write_text(json.dumps(seal_everything() | frozen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
