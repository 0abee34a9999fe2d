"""Which modules faults are put into, and the tests that have to find them: the fast ones that each is made for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SEALING: Final = "tests/storage/sealing"
_VECTORS: Final = f"{_SEALING}/test_frozen_vectors.py"
_RECEIPTS: Final = (f"{_SEALING}/test_receipt.py", f"{_SEALING}/test_receipt_reading.py")
_KEEPING_OUT: Final = ("tests/storage/test_keeping_out.py", "tests/storage/test_exclusion.py")

MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "flows/cases/approvals.py": ("tests/flows/test_two_people.py",),
    "flows/cases/exclusion.py": ("tests/flows/test_exclusion.py",),
    "flows/cases/roles.py": ("tests/flows/test_roles.py", "tests/bot/test_who_may_do_what.py"),
    "flows/cases/routing.py": ("tests/flows/test_routes.py", "tests/flows/test_exclusion.py"),
    "flows/names/matching.py": ("tests/flows/test_naming.py",),
    "storage/sealing/primitives/argon2.py": (f"{_SEALING}/test_argon2.py", f"{_SEALING}/test_lead_keys.py", _VECTORS),
    "storage/sealing/primitives/box.py": (f"{_SEALING}/test_box.py", f"{_SEALING}/test_padding.py", _VECTORS),
    "storage/sealing/primitives/derive.py": (f"{_SEALING}/test_canonical.py", f"{_SEALING}/test_box.py", _VECTORS),
    "storage/sealing/primitives/signing.py": (f"{_SEALING}/test_signing.py", _VECTORS),
    "storage/sealing/primitives/xwing.py": (f"{_SEALING}/test_xwing.py", f"{_SEALING}/test_case_keys.py", _VECTORS),
    "storage/sealing/keys/case_keys.py": (f"{_SEALING}/test_case_keys.py", _VECTORS),
    "storage/sealing/keys/lead_keys.py": (
        f"{_SEALING}/test_lead_keys.py",
        f"{_SEALING}/test_fingerprint.py",
        _VECTORS,
    ),
    "storage/sealing/keys/pin_lock.py": (f"{_SEALING}/test_curtain.py",),
    "storage/sealing/totp.py": (f"{_SEALING}/test_totp.py",),
    "storage/sealing/receipts/reading.py": _RECEIPTS,
    "storage/sealing/receipts/receipt.py": (*_RECEIPTS, _VECTORS),
    "storage/sealing/receipts/words.py": (f"{_SEALING}/test_receipt_words.py", *_RECEIPTS),
    "storage/deeds/readers/admit.py": ("tests/storage/test_admit.py", *_KEEPING_OUT),
    "storage/deeds/readers/exclude.py": _KEEPING_OUT,
    "storage/deeds/readers/grant.py": ("tests/storage/test_grants.py",),
    "storage/deeds/readers/lift.py": _KEEPING_OUT,
    "storage/deeds/readers/recipients.py": (
        *_KEEPING_OUT,
        "tests/storage/test_admit.py",
        "tests/storage/test_grants.py",
    ),
    "storage/deeds/readers/rewrap.py": ("tests/storage/test_own_factors.py", "tests/storage/test_keeping_out.py"),
    "storage/deeds/readers/withhold.py": _KEEPING_OUT,
}
