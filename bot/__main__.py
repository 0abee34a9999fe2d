"""The command line: `hark`, or `python -m bot`. Each command is a module that is imported only when it is called."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import ModuleType
from typing import Final, get_args

from flows.values.ids import Register, Role
from storage.sealing import process_hardening

#: The commands that say or show what a messenger would: all that import aiogram.
TALKING: Final = frozenset({"run", "demo", "recovery.recover"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 good, 1 it found something wrong, 2 it could not begin.

    Secrets are never taken from the command line, which every user of the machine can read. Every command may come to
    hold keys, so none leaves its memory to a core dump or to another process.
    """
    arguments = parser().parse_args(argv)
    from bot.deployment.errors import UNUSABLE, reporting_errors  # noqa: PLC0415 - what --help need not load

    process_hardening.harden()
    os.umask(0o077)  # also for what libraries make
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name or a path that the terminal cannot show
    try:
        with reporting_errors():
            return int(getattr(_command_of(arguments.module), arguments.entry)(arguments))
    except KeyboardInterrupt:
        return 130  # as a shell tells of an interrupted program
    return UNUSABLE


def _command_of(module: str) -> ModuleType:
    """Import a command's module; looking for garbage meanwhile, where there is none, took a fifth of the time.

    Raises:
        SettingsError: a setting of `hark run` cannot be used.
    """
    gc.disable()
    try:
        if module == "run":  # a setting that cannot be used is told before seconds of imports
            import_module("bot.deployment.settings").load(os.environ)
        if module in TALKING:
            # Before anything else imports it, so that nobody waits for models that are never used.
            import_module("bot.updates.lazy_aiogram").import_aiogram()
        return import_module(f"bot.commands.{module}")
    finally:
        gc.freeze()  # what was imported stays
        gc.enable()


def parser() -> argparse.ArgumentParser:
    """Return all commands with their arguments; none takes a secret, since every user of the machine can read those."""
    top = argparse.ArgumentParser(prog="hark", description="A confidential concern-reporting chatbot.")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    running = _command(commands, "run", "run", "open every door and answer; prints an invite where no lead has joined")
    running.add_argument("--no-invite", dest="invites", action="store_false", help="for where output is kept as a log")
    _command(commands, "demo", "demo", "the same on throw-away data with a sample school, all phones on one page")
    _talk(_command(commands, "talk", "talk", "play a conversation in the terminal; nothing is stored or sent"))
    _invite(_command(commands, "invite", "invite", "make a one-time code with which a lead joins"))
    _lead(commands.add_parser("lead", help="shut a lead out, or let one come again, while Hark runs"))
    recovery = commands.add_parser("recovery", help="the offline key that opens every case if all leads are gone")
    recovery_commands = recovery.add_subparsers(required=True, metavar="COMMAND")
    _recovery(
        _command(
            recovery_commands,
            "create",
            "recovery.create_key:create",
            "print a new recovery key once, for leads to keep",
        )
    )
    _recover(_command(commands, "recover", "recovery.recover", "read with the recovery key, or let a lead in"))
    flow = commands.add_parser("flow", help="the conversations: check or draw them")
    flow_commands = flow.add_subparsers(required=True, metavar="COMMAND")
    _command(flow_commands, "check", "flow:check_conversations", "check every definition, your own ones too")
    _draw(
        _command(
            flow_commands, "draw", "flow:draw_conversations", "draw conversations as diagrams (Markdown with Mermaid)"
        )
    )
    _backup(_command(commands, "backup", "upkeep.backup", "copy the database while Hark runs, and check the copy"))
    _restore(_command(commands, "restore", "upkeep.restore", "put a backup back, or rehearse it"))
    database = commands.add_parser("database", help="bring what is kept over to another database")
    _database(database.add_subparsers(required=True, metavar="COMMAND"))
    key = commands.add_parser("key", help="the server key: change it")
    _command(
        key.add_subparsers(required=True, metavar="COMMAND"),
        "rotate",
        "upkeep.server_key",
        "put a new server key in the place of the old one, and destroy that, while Hark is stopped",
    )
    _audit(commands.add_parser("audit", help="check the audit log, and hand out what it is checked against"))
    transfer = commands.add_parser(
        "transfer", help="whole files from other schools: the key they are sealed to, and files"
    )
    _transfer(transfer.add_subparsers(required=True, metavar="COMMAND"))
    retention = commands.add_parser("retention", help="how long cases are kept")
    _command(
        retention.add_subparsers(required=True, metavar="COMMAND"),
        "preview",
        "upkeep.retention",
        "say when the time of how many cases is over, in fives; changes nothing",
    )
    _command(commands, "doctor", "doctor", "look for what is missing or wrong, and say what to do")
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, module: str, text: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    module, _, entry = module.partition(":")
    made.set_defaults(module=module, entry=entry or "main")
    return made


def _talk(talk: argparse.ArgumentParser) -> None:
    talk.add_argument("--register", choices=get_args(Register), help="who is speaking; without it, it is asked")
    talk.add_argument("--language", default="en", help="a language tag, such as es")
    talk.add_argument("--site", help="a site of hark.toml; without it, the home site")


def _invite(invite: argparse.ArgumentParser) -> None:
    invite.add_argument("name", metavar="NAME", help="as reporters will read it, such as 'Anna Berg'")
    invite.add_argument("--role", required=True, choices=get_args(Role))
    invite.add_argument("--site", required=True, help="a site of hark.toml")
    invite.add_argument("--title", help="the job as reporters will read it; without it, the site's title for the role")
    invite.add_argument("--language", default="en", help="the language that the lead reads")


def _lead(lead: argparse.ArgumentParser) -> None:
    commands = lead.add_subparsers(required=True, metavar="COMMAND")
    disable = _command(commands, "disable", "lead", "end every open desk of a lead at once, and all notices")
    disable.add_argument("--last", action="store_true", help="also if nobody else reads at that site")
    enable = _command(commands, "enable", "lead", "let a lead come again; whoever reads waits for two others")
    for command, again in ((disable, False), (enable, True)):
        command.add_argument("name", metavar="NAME", help="as on the invite")
        command.set_defaults(enable=again)


def _recovery(create: argparse.ArgumentParser) -> None:
    create.add_argument(
        "--split", default="2of3", metavar="2of3", help="how many sheets are needed, of how many (SLIP-39)"
    )
    create.add_argument("--whole", action="store_true", help="in one piece, as an age identity; whoever has it reads")


def _recover(recover: argparse.ArgumentParser) -> None:
    what = recover.add_mutually_exclusive_group()
    what.add_argument("reference", nargs="?", metavar="REFERENCE", help="one case, whole; without it, which there are")
    what.add_argument("--let-in", metavar="NAME", help="let in a lead who waits, where there are not two left")
    what.add_argument("--rehearse", action="store_true", help="try the sheets; nothing is shown")


def _backup(backup: argparse.ArgumentParser) -> None:
    backup.add_argument("--to", metavar="DIR", help="the folder of backups; without it, backups in the data directory")


def _restore(restore: argparse.ArgumentParser) -> None:
    restore.add_argument("backup", metavar="BACKUP", help="a backup, or a folder of backups: the newest one then")
    how = restore.add_mutually_exclusive_group()
    how.add_argument("--rehearse", action="store_true", help="try it in a folder that is thrown away; changes nothing")
    how.add_argument("--replace", action="store_true", help="put a database that is there aside")


def _database(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    copy = _command(commands, "copy", "upkeep.database", "copy a database to an empty one, while Hark is stopped")
    copy.add_argument("source", metavar="FROM", help="the path of a file, or an address as in HARK_DATABASE_URL")
    copy.add_argument("target", metavar="TO", help="likewise; empty, or of a copy that was interrupted")


def _audit(audit: argparse.ArgumentParser) -> None:
    commands = audit.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "key", "audit:print_key", "print the public keys that verify checkpoints")
    checkpoint = _command(
        commands, "checkpoint", "audit:print_checkpoint", "print a checkpoint of the log as it is now"
    )
    check = _command(commands, "verify", "audit:verify", "check a log against what was handed out, offline too")
    check.add_argument("files", nargs="*", metavar="FILE", help="checkpoints, also many in one file, or proofs")
    check.add_argument("--database", metavar="DB", help="a database, a copy of its file, or a backup; without it, ours")
    check.add_argument("--key", action="append", default=[], metavar="KEY", help="what hark audit key printed")
    check.add_argument("--seal", action="append", default=[], metavar="SEAL", help="as a lead noted it")
    prove = _command(commands, "prove", "audit:prove", "write the proof that an entry stands in the log")
    prove.add_argument("number", type=int, metavar="NUMBER", help="of the entry, from 1")
    for command in (checkpoint, prove):
        command.add_argument("--to", metavar="FILE", help="a file; without it, the terminal")


def _transfer(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    key = _command(commands, "key", "transfer:print_key", "print the transfer key and its eight words; make it first")
    key.add_argument("--new", action="store_true", help="make another one; what was sealed to this one opens no more")
    put = _command(commands, "put", "transfer:put", "put a file that another school sent where leads take it in")
    put.add_argument("file", metavar="FILE", help="as it came; Hark keeps a copy until it is taken in")


def _draw(draw: argparse.ArgumentParser) -> None:
    draw.add_argument("name", nargs="?", metavar="NAME", help="one conversation; without it, all of them")
    draw.add_argument("--to", metavar="FOLDER", help="write a page for each into this folder instead of the terminal")


if __name__ == "__main__":
    sys.exit(main())
