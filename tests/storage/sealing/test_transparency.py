"""The formats of the audit log's checkpoints, against published vectors; every other proof and note is refused."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.checkpoint import Checkpoint, InclusionProof, notes_in, read_checkpoint, read_proof
from storage.sealing.transparency.merkle_tree import (
    EMPTY,
    CompactRange,
    MerkleTree,
    hash_children,
    hash_leaf,
    verify_consistency,
    verify_inclusion,
)
from storage.sealing.transparency.signed_note import SignerKey, open_note, read_verifier_key, sign_note

#: Leaves and roots of the reference implementations of RFC 6962 (certificate-transparency, transparency-dev/merkle).
LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: Of the same: the leaf counted from 0, the size, the path.
INCLUDED = [
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
#: Of the same: both sizes, the proof.
CONSISTENT = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        7,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
#: The example of Go's package note (golang.org/x/mod/sumdb/note), which this format comes from.
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = SignerKey("school.example/hark", b"s" * 32)


def tree_of(leaves: list[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(hash_leaf(leaf))
    return tree


def hashes(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(map(bytes.fromhex, texts))


def test_hashes_are_those_of_rfc_6962() -> None:
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hash_leaf(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    children = hash_children(b"N123", b"N456").hex()
    assert children == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_roots_are_the_published_ones_however_the_tree_is_kept() -> None:
    tree, grown = tree_of(LEAVES), CompactRange()
    for size, (leaf, root) in enumerate(zip(LEAVES, ROOTS, strict=True), 1):
        grown = grown.append(hash_leaf(leaf))
        assert (grown.size, grown.is_whole, grown.root().hex(), tree.root(size).hex()) == (size, True, root, root)
    assert tree.root(0) == CompactRange().root() == EMPTY


@pytest.mark.parametrize(("index", "size", "path"), INCLUDED)
def test_published_inclusion_proofs_are_given_and_verify(index: int, size: int, path: list[str]) -> None:
    root, leaf = bytes.fromhex(ROOTS[size - 1]), hash_leaf(LEAVES[index])
    proof = tree_of(LEAVES).prove_inclusion(index, size)
    assert proof == hashes(path)
    assert verify_inclusion(index, size, leaf, proof, root)


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENT)
def test_published_consistency_proofs_are_given_and_verify(old: int, new: int, path: list[str]) -> None:
    proof = tree_of(LEAVES).prove_consistency(old, new)
    assert proof == hashes(path)
    assert verify_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


@given(st.integers(1, 70), st.data())
def test_proofs_of_every_size_verify_and_with_one_bit_changed_none_does(size: int, data: st.DataObject) -> None:
    leaves = [bytes([number]) for number in range(size)]
    tree, index, old = tree_of(leaves), data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path, proof, root = tree.prove_inclusion(index, size), tree.prove_consistency(old, size), tree.root(size)
    leaf = hash_leaf(leaves[index])
    assert verify_inclusion(index, size, leaf, path, root)
    assert verify_consistency(old, size, tree.root(old), root, proof)
    wrong = sha256(b"wrong").digest()
    for place in range(len(path)):
        assert not verify_inclusion(index, size, leaf, (*path[:place], wrong, *path[place + 1 :]), root)
    for place in range(len(proof)):
        changed = (*proof[:place], wrong, *proof[place + 1 :])
        assert not verify_consistency(old, size, tree.root(old), root, changed)
    assert not verify_inclusion(index, size, wrong, path, root)
    assert not verify_inclusion(index, size, leaf, (*path, wrong), root)
    assert not verify_inclusion(index, size, leaf, path, wrong)
    assert not verify_consistency(old, size, wrong, root, proof)
    assert not verify_consistency(old, size, tree.root(old), wrong, proof)
    assert not verify_consistency(old, size, tree.root(old), root, (*proof, wrong))
    for other in {index - 1, index + 1, index ^ 2} - {index}:
        assert not verify_inclusion(other, size, leaf, path, root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (0, 9)])
def test_of_a_leaf_that_is_not_there_nothing_is_proved(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        tree_of(LEAVES).prove_inclusion(index, size)
    assert not verify_inclusion(index, size, hash_leaf(b""), (), hash_leaf(b""))


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (3, 9)])
def test_of_a_tree_that_is_not_there_nothing_is_proved(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        tree_of(LEAVES).prove_consistency(old, new)
    assert not verify_consistency(old, new, EMPTY, EMPTY, (EMPTY,))


def test_the_note_of_another_program_verifies_and_ours_is_the_same() -> None:
    key = read_verifier_key(VERIFIER)
    assert key.text() == VERIFIER
    text = open_note(NOTE, [key])
    signer = SignerKey("PeterNeumann", SEED)
    assert signer.verifier == key
    assert sign_note(text, signer) == NOTE


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("problem is", "problem was"),
        lambda note: note.replace("x08go", "x08gp"),
        lambda note: note.replace("/ZJkuBS9", "/ZJkuBS8"),
        lambda note: note.replace("PeterNeumann", "PeterNoumann"),
        lambda note: note.replace("— ", "- "),
        lambda note: note.removesuffix("\n"),
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace(" is", "\tis"),
        lambda note: note.split("\n\n")[0] + "\n\n",
        lambda _: "",
    ],
)
def test_a_note_that_was_changed_in_any_way_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(NotGenuine):
        open_note(change(NOTE), [read_verifier_key(VERIFIER)])


@pytest.mark.parametrize("text", ["", "name", "a+b+c", VERIFIER[:-4], VERIFIER.replace("c74f20a3", "c74f20a4")])
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NotGenuine):
        read_verifier_key(text)


def test_a_checkpoint_is_read_as_it_was_signed_also_from_a_file_of_many() -> None:
    first, second = Checkpoint(KEY.name, 3, sha256(b"3").digest()), Checkpoint(KEY.name, 20, sha256(b"20").digest())
    file = f"\n{first.sign(KEY)}\n{second.sign(KEY)}"
    for text in (file, file.replace("\n", "\r\n")):
        assert [read_checkpoint(note, [KEY.verifier]) for note in notes_in(text)] == [first, second]
    other = SignerKey(KEY.name, b"t" * 32)
    with pytest.raises(NotGenuine):
        read_checkpoint(first.sign(other), [KEY.verifier])
    assert first.seal() != second.seal()


def test_the_form_of_a_checkpoint_is_frozen() -> None:
    head = Checkpoint("school.example/hark", 5, bytes.fromhex(ROOTS[4]))
    assert head.sign(KEY) == (
        "school.example/hark\n5\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n\n"
        "— school.example/hark "
        "9O7QvuC5BymuBMBrsHLeOL/w+6MOboynfJFD5x+rlFKL74ErqFkiTQYfcDRZsVBvW5IVK+kIGbAShv0Io2h0LWaNJww=\n"
    )
    assert head.seal() == "F3QNS-322BP-BRGSN-G7YBV"


@pytest.mark.parametrize("text", ["x\n1\n\n", "x\n01\nAAAA\n", "x\n1\nAAAA\n", "x\n-1\nAAAA\n", "x\n1\n", "\n"])
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotGenuine):
        read_checkpoint(sign_note(text, KEY), [KEY.verifier])


def test_an_inclusion_proof_is_read_as_it_was_written_and_holds_for_its_leaf_alone() -> None:
    tree = tree_of(LEAVES)
    head = Checkpoint(KEY.name, 8, tree.root(8))
    proof = InclusionProof(LEAVES[5], 5, tree.prove_inclusion(5, 8), head.sign(KEY))
    read = read_proof(proof.text())
    assert read == proof
    assert read_checkpoint(read.note, [KEY.verifier]) == head
    assert read.holds(head)
    assert not InclusionProof(LEAVES[4], 5, read.path, read.note).holds(head)
    for wrong in ("", "c2sp.org/tlog-proof@v1\n", proof.text().replace("index 5", "index 05"), head.sign(KEY)):
        with pytest.raises(NotGenuine):
            read_proof(wrong)
